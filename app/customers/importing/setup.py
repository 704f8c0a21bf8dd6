"""Adding imports to the application: targets, jobs, pages, commands, words of the audit trail."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.customers import cli as customers_cli
from app.customers.importing import cli, looking, origin, views
from app.customers.importing.targets.own import register_own
from app.identity import trail_titles

__all__ = ["looking", "origin"]


def init_app(app: Flask) -> None:
    """Add imports to the application."""
    register_own()
    views.init_app(app)
    customers_cli.customers.add_command(cli.import_file)
    customers_cli.customers.add_command(cli.feed)
    trail_titles.define(
        actions={
            "import.begun": _l("Import begun"),
            "import.cancelled": _l("Import cancelled"),
            "import.done": _l("Import done"),
            "import.downloaded": _l("Bad rows of an import downloaded"),
            "import.received": _l("File for an import received"),
            "import.refused": _l("Import refused"),
            "import_profile.retired": _l("Import profile laid aside"),
            "import_profile.saved": _l("Import profile saved"),
            "import_profile.taken_up": _l("Import profile taken up again"),
            "import_schedule.saved": _l("Scheduled import saved"),
            "import_schedule.started": _l("Scheduled import started"),
            "import_schedule.stopped": _l("Scheduled import stopped"),
        },
        subjects={
            "import": _l("Import"),
            "import_profile": _l("Import profile"),
            "import_schedule": _l("Scheduled import"),
        },
    )
