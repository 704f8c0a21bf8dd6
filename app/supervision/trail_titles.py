"""What the audit trail calls acts of supervision."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.identity import trail_titles


def register() -> None:
    """Name the acts this package records."""
    trail_titles.define(
        actions={
            "supervision.synced": _l("Words of supervision loaded"),
            "supervision.issued": _l("Order put under supervision"),
            "supervision.withdrawn": _l("Supervision taken back"),
            "supervision.taken_over": _l("Order taken over"),
            "supervision.handed_back": _l("Order handed back"),
            "supervision.sheet": _l("Supervision sheet opened"),
        },
        subjects={
            "supervision": _l("Supervision"),
            "supervision_word": _l("Words of supervision"),
            "supervision_sheet": _l("Supervision sheet"),
        },
    )
