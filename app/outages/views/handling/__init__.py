"""Pages of handling: pieces of an outage's page, planned outages, storm mode, and what the public may see."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.outages import handling_sentences, sections
from app.outages.bindings import answers
from app.outages.views.handling import acts, plans, public, storms, task_panel, told, verification
from app.outages.views.handling.pieces import pieces
from app.web import navigation

__all__ = ["acts", "plans", "public", "storms", "task_panel", "told", "verification"]


def begin() -> None:
    """Hang the pieces into the outage's page and the pages into the menu."""
    handling_sentences.register()
    answers.register()
    sections.register(pieces)
    navigation.add(
        "outages.plans", _l("Planned outages"), "calendar-event", ("outage.plan", "outage.manage"), "service", 4
    )
    navigation.add("outages.storms", _l("Storm mode"), "cloud-storm", ("outage.storm", "outage.manage"), "service", 5)
