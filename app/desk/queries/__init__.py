"""What the desk shows: who calls, what is likely wanted, conversations, templates. Reads only."""

from __future__ import annotations

from app.desk.queries.caller import Caller, who_calls
from app.desk.queries.conversations import ConversationView, conversations_of, open_conversation, resolved_at_first
from app.desk.queries.likely import Reason, Sources, likely
from app.desk.queries.templates import TemplateView, templates_for

__all__ = [
    "Caller",
    "ConversationView",
    "Reason",
    "Sources",
    "TemplateView",
    "conversations_of",
    "likely",
    "open_conversation",
    "resolved_at_first",
    "templates_for",
    "who_calls",
]
