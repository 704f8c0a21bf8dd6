"""Verification of restoration (送电核实): whom to ask, what they say, and what follows when somebody is still out.

Callers whose report became an order are called back by that order's own process; here come those who
reported otherwise, important customers, and a sample by the table `outage_verification`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.models import Customer
from app.engine import api as engine
from app.identity import authority
from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.outages import hooks
from app.outages.models import Outage, OutageCustomer, OutageVerification, TroubleCall
from app.outages.operations import trace
from app.outages.operations.nesting import still_out
from app.outages.operations.restoring import tell

ANSWERS = frozenset({"restored", "still_out", "unreached"})
ASK = "order.callback"
"""The right to note what customers say when they are called back."""


class NoSuchQuestion(NotFound):
    code = "verification_not_found"


class AnsweredAlready(Conflict):
    """The customer said so already."""

    code = "verification_answered"


def plan(outage: Outage, rule: Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Write down whom to ask; returns `to_verify` and `verify_until`."""
    chosen: dict[int, str] = {}
    if rule.get("callers"):
        chosen |= dict.fromkeys(_callers(outage), "caller")
    if rule.get("important"):
        chosen |= dict.fromkeys(_important(outage), "important")
    chosen |= dict.fromkeys(_sample(outage, rule, chosen), "sample")
    for customer_id, why in chosen.items():
        session.add(OutageVerification(outage_id=outage.id, customer_id=customer_id, why=why, asked_at=now))
    outage.callbacks_pending = len(chosen)
    if chosen:
        outage.status = "verifying"
        trace.event(outage, "verifying", actor=actor, now=now, params={"customers": len(chosen)})
    session.flush()
    hooks.emit("changed", outage, actor=actor, now=now)
    until = engine.due_instant(str(rule["within"]), now)
    return {"to_verify": len(chosen), "verify_until": until.isoformat()}


def answer(
    verification_id: int, said: str, *, channel: str = "phone", note: str = "", actor: Actor, now: datetime
) -> str | None:
    """Note what a customer said: restored, still_out or unreached. Returns the number of a nested outage, if any.

    Somebody who was not reached is asked again, as often as the table of verification says.
    Right `order.callback` at the outage's unit.
    Raises `NoSuchQuestion`, `AnsweredAlready`, `Forbidden`, `Invalid`.
    """
    row = session.get(OutageVerification, verification_id, with_for_update=True)
    if row is None:
        raise NoSuchQuestion(_l("There is no such customer to ask."))
    outage = session.get_one(Outage, row.outage_id)
    authority.require(actor, ASK, unit_path=outage.unit_path, now=now)
    if said not in ANSWERS:
        raise Invalid(_l("Say what the customer answered."), errors={"said": [said]})
    if row.state in {"restored", "still_out"}:
        raise AnsweredAlready(_l("This customer has answered already."))
    row.state, row.answered_at, row.by, row.channel = said, now, actor.ref, channel[:12]
    row.note, row.tries = note.strip()[:300], row.tries + 1
    nested = None
    if said == "still_out":
        nested = still_out(outage.number, row.customer_id, note=row.note, actor=actor, now=now)
        found = session.scalar(sa.select(Outage.id).where(Outage.number == nested))
        row.nested_id = found
    trace.event(outage, "verified", actor=actor, now=now, params={"said": said, "nested": nested or ""})
    session.flush()
    _count(outage, actor=actor, now=now)
    return nested


def close_rest(outage: Outage, *, actor: Actor, now: datetime) -> int:
    """The time is over: whoever did not answer was not reached. Returns how many."""
    pending = sa.update(OutageVerification).where(
        OutageVerification.outage_id == outage.id, OutageVerification.state == "pending"
    )
    result: Any = session.execute(
        pending.values(state="unreached", answered_at=now, by=actor.ref).execution_options(synchronize_session="fetch")
    )
    outage.callbacks_pending = 0
    session.flush()
    live.touch("outages", f"outage:{outage.id}")
    return int(result.rowcount)


def _count(outage: Outage, *, actor: Actor, now: datetime) -> None:
    row = OutageVerification
    again = sa.and_(row.state == "unreached", row.tries < _tries(outage, now))
    pending = session.scalar(
        sa.select(sa.func.count())
        .select_from(row)
        .where(row.outage_id == outage.id, sa.or_(row.state == "pending", again))
    )
    outage.callbacks_pending = pending or 0
    session.flush()
    hooks.emit("changed", outage, actor=actor, now=now)
    if not pending:
        tell(outage, "outage_verified", {}, actor=actor, now=now)


def _tries(outage: Outage, now: datetime) -> int:
    """How often somebody is called before they count as not reached, by the table of verification."""
    inputs = {"customers": outage.customers_total, "storm": outage.storm_id is not None, "nature": outage.nature}
    return int(engine.decide("outage_verification", inputs, now=now, record=False).result["tries"])


def _callers(outage: Outage) -> Sequence[int]:
    """Customers who reported by other ways than an order, which calls its own customer back."""
    query = sa.select(TroubleCall.customer_id).where(
        TroubleCall.outage_id == outage.id,
        TroubleCall.customer_id.is_not(None),
        TroubleCall.order_id.is_(None),
        TroubleCall.source != "meter",
        TroubleCall.suspect.is_(False),
    )
    return [int(key) for key in session.scalars(query.distinct()) if key is not None]


def _members(outage: Outage) -> sa.Select[Any]:
    return sa.select(OutageCustomer.customer_id).where(OutageCustomer.outage_id == outage.id)


def _important(outage: Outage) -> Sequence[int]:
    query = sa.select(Customer.id).where(Customer.id.in_(_members(outage)), Customer.importance != "none")
    return session.scalars(query.order_by(Customer.id)).all()


def _sample(outage: Outage, rule: Mapping[str, Any], chosen: Collection[int]) -> Sequence[int]:
    """So many further members as the rule's share asks, evenly spread over the transformers."""
    total = outage.customers_total
    wanted = max(round(total * float(rule["share"]) / 100), int(rule["least"]))
    wanted = min(wanted, int(rule["most"]), total) - len(chosen)
    if wanted <= 0:
        return []
    order = (OutageCustomer.transformer_code, OutageCustomer.customer_id)
    rows = session.execute(_members(outage).distinct().order_by(*order).add_columns(order[0]))
    ids = [customer_id for customer_id, _transformer in rows if customer_id not in chosen]
    step = max(1, len(ids) // wanted)
    return ids[::step][:wanted]
