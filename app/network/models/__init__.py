"""Rows of the grid: places, conductors, switches and their operation, the low-voltage side, versions and imports."""

from app.network.models.columns import ALWAYS, Asset
from app.network.models.conductors import BRANCH_KINDS, Feeder, GridBranch
from app.network.models.low_voltage import LvBranch, MeterBox
from app.network.models.places import NODE_KINDS, GridNode, Substation
from app.network.models.switches import SWITCH_KINDS, GridSwitch, Switching
from app.network.models.versions import CustomerMark, GridImport, GridVersion

__all__ = [
    "ALWAYS",
    "BRANCH_KINDS",
    "NODE_KINDS",
    "SWITCH_KINDS",
    "Asset",
    "CustomerMark",
    "Feeder",
    "GridBranch",
    "GridImport",
    "GridNode",
    "GridSwitch",
    "GridVersion",
    "LvBranch",
    "MeterBox",
    "Substation",
    "Switching",
]
