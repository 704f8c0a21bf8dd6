"""The base of every error that a person may be told, with one place that maps it to HTTP (`web.errors`).

Exceptions themselves live beside the operation that raises them.
"""

from __future__ import annotations

from typing import Any


class LightlineError(Exception):
    """An expected refusal. `status` is the HTTP status, `code` a stable name for machines.

    The message is a translatable text (`lazy_gettext`) written for the reader: what is
    wrong and how to go on. `details` holds machine-readable facts (field errors, ids).
    """

    status = 400
    code = "bad_request"

    def __init__(self, message: Any, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return str(self.message)


class NotFound(LightlineError):
    status = 404
    code = "not_found"


class Forbidden(LightlineError):
    status = 403
    code = "forbidden"


class Conflict(LightlineError):
    """Somebody else came first, or the state no longer allows it."""

    status = 409
    code = "conflict"


class Invalid(LightlineError):
    """Input that does not fit: `details["errors"]` maps field to messages."""

    status = 422
    code = "invalid"
