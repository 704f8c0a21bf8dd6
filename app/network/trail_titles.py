"""What the audit trail calls acts on the grid."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.identity import trail_titles


def register() -> None:
    """Name the acts this package records."""
    trail_titles.define(
        actions={
            "network.switched": _l("Switch operated"),
            "network.imported": _l("Grid imported"),
            "network.exported": _l("Grid exported"),
            "network.device_change": _l("Device changed"),
            "network.device_add": _l("Device added"),
            "network.device_end": _l("Device ended"),
        },
        subjects={
            "grid_switch": _l("Switch"),
            "grid_import": _l("Import of the grid"),
            "grid": _l("Grid"),
            "grid_device": _l("Device of the grid"),
        },
    )
