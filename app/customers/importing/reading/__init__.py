"""Reading tables out of files as people and other systems write them; nothing here knows customers.

`open_table(path, layout)` gives a `Table`: rows that are read one after the other, so that
memory does not grow with the file. A cell is text, a number, a date, a truth value, None, or
`Trouble` where what stands there cannot be trusted (an error value, a formula that was never
computed). What makes the whole file unreadable raises `Unreadable` with the place.

Delimited text is read by the standard library's `csv`. Workbooks are read from their XML with
lxml and not through openpyxl's own loader, which keeps a whole sheet in memory or, streaming,
tells nothing of merged cells, hidden rows and formulas; openpyxl's knowledge of number formats
and of Excel's calendar is used.
"""

from __future__ import annotations

from app.customers.importing.reading.delimited import DelimitedTable
from app.customers.importing.reading.layout import Layout
from app.customers.importing.reading.opening import open_table
from app.customers.importing.reading.rows import Row, Table, Trouble, Unreadable, Value, column_name
from app.customers.importing.reading.workbook import WorkbookTable, sheet_names

__all__ = [
    "DelimitedTable",
    "Layout",
    "Row",
    "Table",
    "Trouble",
    "Unreadable",
    "Value",
    "WorkbookTable",
    "column_name",
    "open_table",
    "sheet_names",
]
