"""Calls that we make: due ones are claimed, originated, and told how they went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import structlog

from app.kernel import db
from app.telephony.calls import CallLog
from app.telephony.esl import Injection, Lost, Refused, TimedOut, commands
from app.telephony.line.house import House
from app.telephony.line.talking import dial_string
from app.telephony.outbound import operations as outbound
from app.telephony.outbound.operations import Claimed
from app.telephony.outbound.rules import rules

log = structlog.get_logger(__name__)

FLOWS = {"message": "outbound_message", "callback": "outbound_callback"}
"""By kind of call the flow that speaks with whom we called (`ivr_flows/`)."""

SPARE = 30.0
NOTHING: Mapping[str, Any] = MappingProxyType({})


async def due(house: House) -> list[Claimed]:
    """Claim what is due, as many as may run at once."""
    room = house.telephony.most_outbound - len(house.outgoing)
    if room <= 0 or house.link is None or not house.link.up:
        return []
    now, server = house.now(), house.telephony.server
    claimed = await house.workers.run(
        "outbound", lambda: db.run(lambda: outbound.claim(server, most=room, now=now)), seconds=20
    )
    for call in claimed:
        house.outgoing[call.call_key] = call
    return claimed


async def dial(call: Claimed, house: House) -> None:
    """Originate one call. Answered, its socket comes to us and `ended` follows there; else it is told here."""
    assert house.link is not None
    options = {
        "origination_uuid": call.call_key,
        "originate_timeout": str(call.ring_seconds),
        "origination_caller_id_number": house.telephony.caller_id,
        "ignore_early_media": "true",
        "lightline_job": call.call_key,
    }
    try:
        target = dial_string(house, call.number)
        line = commands.originate(target, options, then=f"&socket({house.telephony.socket} async)")
        await house.link.bgapi(line, timeout=call.ring_seconds + SPARE)
    except Refused as refused:
        cause = str(refused).split()[0] if str(refused) else ""
        await _tell(house, call.call_key, None, cause)
    except Injection:
        await _tell(house, call.call_key, "INVALID_NUMBER", "INVALID_NUMBER_FORMAT")
    except TimedOut:
        await _tell(house, call.call_key, "LINE_FAILURE", "TIMEOUT")
    except Lost:
        log.warning("a call could not be made, the link is down", call=call.call_key)
        await _give_back(house, call.call_key)


async def ended(house: House, call: Claimed, record: CallLog, cause: str) -> None:
    """A call that was answered is over: what the flow said came of it."""
    told = str(record.head.get("tags", {}).get("result", ""))
    if not told:
        talked = call.kind == "callback" and record.head.get("talked", 0) > 0
        told = "ANSWERED_CONFIRMED" if talked else "ANSWERED_NO_CONFIRM"
    record.note(outcome="confirmed" if told == "ANSWERED_CONFIRMED" else "not_confirmed")
    tags = {name: value for name, value in record.head.get("tags", {}).items() if name != "result"}
    await _tell(house, call.call_key, told, cause, tags)


async def _tell(house: House, call_key: str, result: str | None, cause: str, told: Mapping[str, Any] = NOTHING) -> None:
    now: datetime = house.now()

    def work() -> None:
        outcome = result or rules().result_of(cause)
        db.run(lambda: outbound.attempt_ended(call_key, result=outcome, cause=cause, told=told, now=now))

    try:
        await house.workers.run("outbound", work, seconds=30)
    except Exception as failed:  # its lease runs out, and the call is judged then
        log.error("the end of a call could not be told", call=call_key, error=repr(failed))
    finally:
        house.outgoing.pop(call_key, None)


async def _give_back(house: House, call_key: str) -> None:
    now = house.now()
    try:
        await house.workers.run("outbound", lambda: db.run(lambda: outbound.give_back(call_key, now=now)), seconds=30)
    except Exception as failed:
        log.error("a call could not be given back", call=call_key, error=repr(failed))
    finally:
        house.outgoing.pop(call_key, None)
