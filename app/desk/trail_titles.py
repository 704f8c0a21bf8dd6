"""What the audit trail calls acts at the desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.identity import trail_titles


def register() -> None:
    """Name the acts this package records."""
    trail_titles.define(
        actions={
            "desk.template_saved": _l("Reply template saved"),
            "desk.template_deleted": _l("Reply template deleted"),
        },
        subjects={"reply_template": _l("Reply template")},
    )
