"""The grid to files: the wider form as workbook or CSV, CIM RDF/XML. What was exported imports again unchanged."""

from app.network.exporting.cim import write_cim
from app.network.exporting.wide import write_csv, write_workbook

__all__ = ["write_cim", "write_csv", "write_workbook"]
