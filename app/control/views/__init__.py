"""The pages of the operators' room, one subject a file."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.control.views import (
    calendar,
    comparing,
    definitions,
    figures,
    incidents,
    instances,
    jobs,
    migrations,
    retention,
    retries,
)
from app.control.views.blueprint import blueprint
from app.web import navigation

PAGES = (calendar, comparing, definitions, figures, incidents, instances, jobs, migrations, retention, retries)
"""Modules imported for the routes they hang on the blueprint."""


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    navigation.add("control.incidents", _l("Incidents"), "alert-triangle", ("incident.manage",), "manage", 60)
    navigation.add("control.instances", _l("Cases"), "list-details", ("incident.manage",), "manage", 65)
    navigation.add("control.definitions", _l("Definitions"), "versions", ("definition.read",), "manage", 70)
    navigation.add("control.migrations", _l("Migrations"), "arrows-right-left", ("incident.manage",), "manage", 75)
    navigation.add("control.calendar", _l("Working calendar"), "calendar", ("calendar.manage",), "admin", 60)
    navigation.add("control.retention", _l("Retention"), "archive", ("job.manage",), "system", 20)
    navigation.add("control.jobs", _l("Background jobs"), "settings-automation", ("job.manage",), "system", 10)
