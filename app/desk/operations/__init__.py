"""What the desk writes: conversations, drafts, reply templates."""

from __future__ import annotations

from app.desk.operations.conversations import (
    Began,
    NoConversation,
    begin,
    choose_customer,
    end,
    note_answer,
    note_order,
)
from app.desk.operations.drafts import drop_draft, keep_draft
from app.desk.operations.templates import TemplateData, delete_template, save_template, sync_templates

__all__ = [
    "Began",
    "NoConversation",
    "TemplateData",
    "begin",
    "choose_customer",
    "delete_template",
    "drop_draft",
    "end",
    "keep_draft",
    "note_answer",
    "note_order",
    "save_template",
    "sync_templates",
]
