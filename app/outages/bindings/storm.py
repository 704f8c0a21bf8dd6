"""Steps of storm mode (`bpmn/storm/`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields

from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.registry import ServiceContext, registry
from app.notify import operations as notify
from app.outages.bindings.step import instant, read
from app.outages.models import OutageStorm
from app.outages.operations import storms
from app.outages.queries.storms import counts_of

OPTIONS = fields.List(fields.Dict())


class Counted(Schema):
    """What the forms show of the storm now."""

    storm_outages = fields.Integer()
    storm_customers = fields.Integer()
    storm_restored = fields.Integer()
    storm_calls = fields.Integer()
    storm_name = fields.String()
    unit_options = OPTIONS
    greeting_zh = fields.String()
    greeting_en = fields.String()
    lead_action = fields.Raw(allow_none=True)
    storm_etr = fields.Raw(allow_none=True)
    etr_overwrite = fields.Raw(allow_none=True)


class EtrInputs(Schema):
    etr_unit = fields.String(required=True)
    storm_etr = instant()
    etr_overwrite = fields.Boolean()


@registry.service(
    "outages.begin_storm", title="启动大面积停电应急", title_en="Begin storm mode", outputs=Counted, inline=True
)
def begin_storm(context: ServiceContext) -> Mapping[str, Any]:
    """Storm mode holds from now."""
    storm = _storm(context)
    storms.mark_begun(storm, name=str(context.data.get("storm_name") or ""), actor=context.actor, now=context.now)
    _tell(storm, _l("Storm mode %(name)s has begun.", name=storm.name), "begun", context)
    return _counted(storm, context.now)


@registry.service("outages.decline_storm", title="登记不启动应急", title_en="Decline storm mode", inline=True)
def decline_storm(context: ServiceContext) -> Mapping[str, Any]:
    """Nobody begins it."""
    note = str(context.data.get("storm_note") or "")
    storms.mark_declined(_storm(context), note=note, actor=context.actor, now=context.now)
    return {}


@registry.service("outages.mass_etr", title="批量预计送电时间", title_en="Mass estimate", outputs=Counted, inline=True)
def mass_etr(context: ServiceContext) -> Mapping[str, Any]:
    """One estimate for an area."""
    storm = _storm(context)
    values = read(EtrInputs, context.data, {})
    storms.mass_etr(
        storm.number,
        values["etr_unit"],
        values["storm_etr"],
        overwrite=bool(values.get("etr_overwrite")),
        actor=context.actor,
        now=context.now,
    )
    return _counted(storm, context.now) | {"storm_etr": None, "etr_overwrite": None}


@registry.service(
    "outages.storm_greeting", title="更新语音公告", title_en="Set the storm's greeting", outputs=Counted, inline=True
)
def storm_greeting(context: ServiceContext) -> Mapping[str, Any]:
    """What the line says first."""
    storm = _storm(context)
    text, text_en = (str(context.data.get(name) or "") for name in ("greeting_zh", "greeting_en"))
    storms.set_greeting(storm, text, text_en, actor=context.actor, now=context.now)
    return _counted(storm, context.now)


@registry.service("outages.report_storm", title="通报应急汇总", title_en="Report on the storm", inline=True)
def report_storm(context: ServiceContext) -> Mapping[str, Any]:
    """Tell those in charge how it stands, every hour."""
    storm = _storm(context)
    counts = counts_of(storm.unit_path, now=context.now)
    text = _l(
        "Storm %(name)s: %(outages)s outages, %(customers)s customers out, %(restored)s restored.",
        name=storm.name,
        outages=counts.outages,
        customers=counts.customers_out,
        restored=counts.restored,
    )
    _tell(storm, text, context.now.isoformat(timespec="minutes"), context)
    return {}


@registry.service("outages.end_storm", title="结束应急并小结", title_en="End storm mode and summarise", inline=True)
def end_storm(context: ServiceContext) -> Mapping[str, Any]:
    """Storm mode is over."""
    storm = _storm(context)
    note = str(context.data.get("end_note") or "")
    storms.mark_ended(storm, note=note, actor=context.actor, now=context.now)
    _tell(storm, _l("Storm mode %(name)s is over.", name=storm.name), "ended", context)
    return {}


@registry.sweep("outages.storm_watch", every=timedelta(minutes=2))
def storm_watch(now: datetime) -> int:
    """Propose storm mode to cities whose counts reach the table's values; returns how many proposals."""
    cities = db.run(lambda: [unit for unit in people.subtree(at=now) if unit.kind == "city"])
    return sum(_proposed(unit, now) for unit in cities)


def _proposed(unit: UnitView, now: datetime) -> bool:
    return db.run(lambda: storms.propose(unit, actor=SYSTEM, now=now)) is not None


def _storm(context: ServiceContext) -> OutageStorm:
    return session.get_one(OutageStorm, int(context.data["storm_id"]))


def _counted(storm: OutageStorm, now: datetime) -> dict[str, Any]:
    units = [unit for unit in people.subtree([storm.unit_path], at=now)]
    options = [{"value": unit.code, "label": unit.name, "label_en": unit.name_en} for unit in units[:200]]
    return {
        **counts_of(storm.unit_path, now=now).words(),
        "storm_name": storm.name,
        "unit_options": options,
        "greeting_zh": storm.greeting,
        "greeting_en": storm.greeting_en,
        "lead_action": None,
    }


def _tell(storm: OutageStorm, text: Any, key: str, context: ServiceContext) -> None:
    lead = str(context.data.get("lead_unit") or storm.unit_code)
    groups = [f"{post}@{lead}" for post in ("supervisor", "head", "dispatcher")]
    ids = {member.id for group in groups for member in people.members_of(group, at=context.now)}
    notify.notify_users(
        ids,
        kind="outage",
        text=text,
        link=f"/outages/storms/{storm.number}",
        priority=90,
        dedupe_key=f"storm:{storm.number}:{key}"[:200],
        actor=context.actor,
        now=context.now,
    )
