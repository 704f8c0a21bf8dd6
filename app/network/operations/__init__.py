"""What changes the grid: operating switches, importing, editing single devices (`editing`)."""

from app.network.operations.importing import Imported, import_grid
from app.network.operations.switching import InvalidSwitching, Switched, UnknownSwitch, switch

__all__ = ["Imported", "InvalidSwitching", "Switched", "UnknownSwitch", "import_grid", "switch"]
