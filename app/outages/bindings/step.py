"""Register a step of an outage's process: fetch the outage, read the values, do it, tell the diagram what it is now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.registry import ServiceContext, registry
from app.outages.models import Outage
from app.outages.operations.facts import facts

Work = Callable[..., Mapping[str, Any] | None]


class Nothing(Schema):
    """A step without values of its own."""


class Facts(Schema):
    """What every step tells the diagram (`operations.facts.facts`)."""

    outage_id = fields.Integer()
    number = fields.String()
    nature = fields.String()
    kind = fields.String()
    unit = fields.String()
    dispatch_unit = fields.String()
    lead_unit = fields.String()
    callback_unit = fields.String()
    plan_unit = fields.String()
    mode_unit = fields.String()
    manager_unit = fields.String()
    crew_unit = fields.String()
    place = fields.String()
    customers = fields.Integer()
    customers_out = fields.Integer()
    calls = fields.Integer()
    important = fields.Integer()
    important_level = fields.String()
    storm = fields.Boolean()
    priority = fields.Integer()
    etr_minutes = fields.Integer()
    etr_words = fields.String()
    etr_words_en = fields.String()
    from_words = fields.String()
    from_words_en = fields.String()
    to_words = fields.String()
    to_words_en = fields.String()
    why_words = fields.String()
    why_words_en = fields.String()


def instant() -> fields.AwareDateTime:
    """A field for what a form's date and time leaves."""
    return fields.AwareDateTime(default_timezone=LOCAL)


def step(
    name: str,
    *,
    title: str,
    title_en: str,
    inputs: type[Schema] = Nothing,
    outputs: Mapping[str, fields.Field[Any]] | None = None,
    forgets: tuple[str, ...] = (),
) -> Callable[[Work], Work]:
    """Register `work(outage, context, **values) -> more facts` as the inline service `outages.<name>`.

    `forgets` names form variables that are emptied afterwards, so that a form that comes again comes empty.
    """

    def register(work: Work) -> Work:
        def handle(context: ServiceContext, **given: Any) -> Mapping[str, Any]:
            outage = outage_of(context)
            told = dict(work(outage, context, **read(inputs, context.data, given)) or {})
            session.flush()
            return facts(outage, now=context.now) | told | dict.fromkeys(forgets)

        more = {key: fields.Raw(allow_none=True) for key in forgets} | dict(outputs or {})
        registry.service(
            f"outages.{name}",
            title=title,
            title_en=title_en,
            inputs=inputs,
            outputs=Facts.from_dict(more),
            inline=True,
        )(handle)
        return work

    return register


def outage_of(context: ServiceContext) -> Outage:
    """The outage of a step: by its id, else by the case's business key."""
    outage_id = context.data.get("outage_id")
    if outage_id is not None:
        return session.get_one(Outage, int(outage_id))
    return session.query(Outage).filter_by(number=context.business_key).one()


def read(schema: type[Schema], data: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The schema's fields from the variables, `given` going before; absent, null and empty ones left out."""
    wanted = schema().fields
    found = {name: data[name] for name in wanted if data.get(name) not in (None, "")}
    loaded = dict(schema(unknown=EXCLUDE, partial=True).load(found))
    return loaded | {name: value for name, value in given.items() if value is not None}
