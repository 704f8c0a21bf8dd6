"""What changes the grid: operating switches, imports, edits of a device."""

from app.network.operations.switching import InvalidSwitching, Switched, UnknownSwitch, switch

__all__ = ["InvalidSwitching", "Switched", "UnknownSwitch", "switch"]
