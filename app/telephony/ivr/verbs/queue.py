"""`queue`: wait for an agent, hear the place and the expected wait, and talk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from app.telephony.ivr import commands
from app.telephony.ivr.events import Done
from app.telephony.ivr.fields import (
    NUMBER_OF,
    Choice,
    ExprField,
    Exprs,
    PiecesField,
    Registered,
    Seconds,
    Strict,
    TargetField,
    Truth,
    Variable,
)
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.moment import Fail, Go, Moment, Step, Wait
from app.telephony.ivr.verbs.verb import EffectSchema, Verb, kept, optional

NAMED = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,59}")
OUTCOMES = ("answered", "timeout", "full", "no_agents")


class OfferSchema(Strict):
    """What callers who wait are offered after `after` seconds (to be called back, say), by a key."""

    prompt = PiecesField(needed=True)
    after = Seconds(0, 1800, load_default=60.0)
    keys = fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"[0-9*#]\Z")),
        values=fields.Nested(Choice),
        required=True,
        validate=validate.Length(1, 12, error=NUMBER_OF),
    )


class QueueSchema(EffectSchema):
    """`next` follows the talk; `timeout`, `full` and `no_agents` lead there too where they are not stated.

    `queue_from` is an expression that names the queue; `queue` holds where it names none. `recorded` is said before
    the talk is recorded: a queue that is recorded records only who was told.
    """

    queue = Registered(required=True)
    queue_from = ExprField()
    priority = ExprField()
    max_wait = Seconds(5, 7200, load_default=600.0)
    announce_every = Seconds(0, 600, load_default=30.0)
    position = Truth(load_default=True)
    estimate = Truth(load_default=True)
    offer = fields.Nested(OfferSchema)
    recorded = PiecesField()
    values = Exprs(load_default=dict)
    into = Variable()
    timeout = TargetField()
    full = TargetField()
    no_agents = TargetField()


class Queue(Verb):
    """Wait for an agent."""

    kind = "queue"
    title = _l("Queue")
    icon = "headset"
    schema = QueueSchema
    needs_caller = True
    effect = True
    takes_input = frozenset({"choice"})

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        offer = node.spec.get("offer")
        keys = offer["keys"] if offer else {}
        offered = (
            Exit(f"key {key}", choice["goto"], "choice", choice["title"], choice["title_en"])
            for key, choice in keys.items()
        )
        return (*optional(node, "next", "timeout", "full", "no_agents"), *offered)

    def silent(self, exit_: Exit, node: Node) -> bool:
        """After a talk it is not silent; without exits of their own, a wait in vain leads there too."""
        if exit_.label == "next":
            return not all(node.spec.get(outcome) for outcome in ("timeout", "full", "no_agents"))
        return super().silent(exit_, node)

    def enter(self, moment: Moment) -> Step:
        spec = moment.spec
        priority = moment.value(spec["priority"]) if "priority" in spec else 0
        offer = spec.get("offer")
        queue = moment.make(
            commands.Queue,
            name=_queue(moment),
            language=moment.language,
            priority=priority if isinstance(priority, int) and not isinstance(priority, bool) else 0,
            max_wait=spec["max_wait"],
            announce_every=spec["announce_every"],
            position=spec["position"],
            estimate=spec["estimate"],
            recorded=moment.pieces(spec["recorded"]) if "recorded" in spec else (),
            values=moment.values(spec["values"]),
            **(_offered(moment, offer) if offer else {}),
        )
        return Wait(queue)

    def done(self, moment: Moment, event: Done) -> Step:
        outcome, sets = event.result.get("outcome"), kept(moment, event)
        offer = moment.spec.get("offer")
        if outcome == "key" and offer and event.result.get("key") in offer["keys"]:
            return Go(f"key {event.result['key']}", sets=sets)
        if outcome not in OUTCOMES:
            return Fail("bad_result")
        return Go(outcome if outcome != "answered" and moment.spec.get(outcome) else "next", sets=sets)


def _queue(moment: Moment) -> str:
    """Which queue: the one named by the call, else the node's own."""
    own: str = moment.spec["queue"]
    named = moment.value(moment.spec["queue_from"]) if "queue_from" in moment.spec else None
    return named if isinstance(named, str) and NAMED.fullmatch(named) else own


def _offered(moment: Moment, offer: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "keys": "".join(key for key, choice in offer["keys"].items() if moment.true(choice.get("when"))),
        "offer": moment.pieces(offer["prompt"]),
        "offer_after": offer["after"],
    }
