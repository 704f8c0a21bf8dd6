"""What the audit trail calls acts on key accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.identity import trail_titles


def register() -> None:
    """Name the acts this package records."""
    trail_titles.define(
        actions={
            "keyaccount.made": _l("Key account added"),
            "keyaccount.saved": _l("Key account changed"),
            "keyaccount.manager": _l("Account manager appointed"),
            "keyaccount.supplies": _l("Backup supply changed"),
            "keyaccount.graded": _l("Importance graded"),
            "keyaccount.report": _l("Yearly report printed"),
        },
        subjects={"key_account": _l("Key account")},
    )
