"""What the audit trail calls acts on what this package shows: definitions, jobs and the calendar."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _t

from app.identity import trail_titles


def register() -> None:
    """Name them; the kernel and the engine, which write them, know no identity pages."""
    trail_titles.define(
        actions={
            "calendar.declare": _l("Day declared"),
            "calendar.withdraw": _l("Declared day withdrawn"),
            "definitions.deploy": _l("Definitions deployed"),
            "instance.fire_timer": _l("Timer fired by hand"),
            "instance.move_timer": _l("Timer moved"),
            "instance.move_token": _l("Token moved"),
            "incidents.retry": _l("Several incidents tried again"),
            "instance.resume": _l("Case resumed"),
            "instance.retry": _l("Step tried again"),
            "instance.set_variables": _l("Variable changed"),
            "instance.suspend": _l("Case suspended"),
            "instance.terminate": _l("Case terminated"),
            "instance.skip": _l("Step skipped"),
            "instances.migrate": _l("Cases moved to another version"),
            "instances.revert": _l("Case returned to the version before"),
            "job.retry": _l("Job retried"),
            "retention.drop": _l("Retention rule dropped"),
            "retention.set": _l("Retention rule changed"),
            "retention.sweep": _l("Old records removed"),
        },
        subjects={
            "retention": _l("Retention"),
            "calendar_day": _l("Calendar day"),
            "definition": _l("Definition"),
            "deployment": _l("Deployment"),
            "incident_retry": _l("Retry of incidents"),
            "instance": _l("Case"),
            "job": _l("Job"),
            "migration": _l("Migration"),
        },
        details={
            "activity": _t("trail", "steps"),
            "attempts": _t("trail", "attempts"),
            "case": _t("trail", "case"),
            "cases": _t("trail", "cases"),
            "decision": _t("trail", "decisions"),
            "definitions": _t("trail", "definitions"),
            "due_at": _t("trail", "due at"),
            "element": _t("trail", "step"),
            "error": _t("trail", "error"),
            "incident_id": _t("trail", "incident"),
            "incidents": _t("trail", "incidents"),
            "job": _t("trail", "jobs"),
            "message": _t("trail", "messages"),
            "migration_id": _t("trail", "migration"),
            "notice": _t("trail", "notices"),
            "operation": _t("trail", "operations"),
            "process": _t("trail", "process"),
            "state": _t("trail", "states"),
            "text": _t("trail", "words"),
            "variables": _t("trail", "variables"),
            "working": _t("trail", "working day"),
        },
    )
