"""Logs: one JSON object a line on standard error, in development coloured lines on a terminal.

Never logged: passwords, tokens, request bodies, query strings, customers' data.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from flask import Flask
from structlog.typing import EventDict

from app.kernel import correlation
from app.kernel.settings import Settings

TALKATIVE = (
    "weasyprint.progress",
    "werkzeug",
    "alembic",
    "spiff",
    "spiff.task",
    "spiff.workflow",
    "spiff.data",
    "spiff.dmn",
    "fontTools",
)
"""Libraries whose INFO is their inner life (each change of state of a token), not ours. SpiffWorkflow
sets its loggers one by one, so each is named."""


def configure(app: Flask) -> None:
    """Set structlog up; outside tests also the standard library's root logger, which libraries write to."""
    settings: Settings = app.extensions["lightline.settings"]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        add_correlation_id,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    if settings.testing:
        return
    for_terminal = settings.environment == "development" and sys.stderr.isatty()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(shared, for_terminal=for_terminal))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel("WARNING")


def add_correlation_id(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Tie the line to the request or job it belongs to."""
    if (value := correlation.current()) is not None:
        event.setdefault("correlation_id", value)
    return event


def _formatter(shared: list[Any], *, for_terminal: bool) -> logging.Formatter:
    final: list[Any] = (
        [structlog.dev.ConsoleRenderer()]
        if for_terminal
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
    )
