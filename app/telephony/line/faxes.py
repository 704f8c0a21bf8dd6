"""Faxes that are due: rendered, called, sent, and told how they went."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from app.kernel import db
from app.kernel.db import new_id
from app.telephony.esl import Event, Injection, Lost, Refused, Result, TimedOut, commands, guard
from app.telephony.fax.models import BUSY, FAILED, NO_ANSWER, NOT_FAX, SENT
from app.telephony.line import media
from app.telephony.line.faxing import pages
from app.telephony.line.house import House
from app.telephony.line.talking import dial_string
from app.telephony.outbound import faxes
from app.telephony.outbound.faxes import Claimed
from app.telephony.outbound.rules import rules

log = structlog.get_logger(__name__)

MOST = 4
RING = 60
STATES = {"sent": SENT, "not_fax": NOT_FAX, "failed": FAILED}
CAUSES = {"BUSY": BUSY, "NO_ANSWER": NO_ANSWER}


async def due(house: House) -> list[Coroutine[Any, Any, None]]:
    """The work of each fax that is due now."""
    if house.link is None or not house.link.up or house.faxing >= MOST:
        return []
    now, room = house.now(), MOST - house.faxing
    claimed = await house.workers.run("faxes", lambda: db.run(lambda: faxes.claim(most=room, now=now)), seconds=20)
    return [send(one, house) for one in claimed]


async def send(one: Claimed, house: House) -> None:
    """One attempt."""
    house.faxing += 1
    try:
        await _send(one, house)
    finally:
        house.faxing -= 1


async def _send(one: Claimed, house: House) -> None:
    now = house.now()
    try:
        page = await house.workers.run(
            "fax", lambda: pages(one.document, one.inputs, language=one.language, now=now), seconds=60
        )
        faxed = await _call(one, str(page), house)
    except Lost:
        await _tell(house, lambda: faxes.give_back(one.id, one.n, now=house.now()))
        return
    except Exception as failed:
        log.error("a fax could not be sent", fax=one.id, error=repr(failed))
        faxed = media.Faxed("failed", 0, "", type(failed).__name__), FAILED
    result, state = faxed
    await _tell(
        house,
        lambda: faxes.ended(
            one.id, one.n, state=state, pages=result.pages, code=result.code, detail=result.detail, now=house.now()
        ),
    )


async def _call(one: Claimed, page: str, house: House) -> tuple[media.Faxed, str]:
    """Call the number and send; the result comes with the end of the channel."""
    assert house.link is not None
    uuid = new_id()
    end: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
    house.ends[uuid] = lambda event: None if end.done() else end.set_result(event)
    options = {
        "origination_uuid": uuid,
        "originate_timeout": str(RING),
        "origination_caller_id_number": house.telephony.caller_id,
        "ignore_early_media": "true",
        "fax_enable_t38": "true",
        "fax_ident": house.telephony.caller_id,
    }
    try:
        target = dial_string(house, one.number)
        line = commands.originate(target, options, then=f"&txfax({guard.word(page)})")
        await house.link.bgapi(line, timeout=RING + 30)
        async with asyncio.timeout(media.FAX_LIMIT):
            event = await end
    except Refused as refused:
        cause = str(refused).split()[0] if str(refused) else ""
        meant = await house.workers.run("rules", lambda: rules().result_of(cause), seconds=10)
        return media.Faxed("failed", 0, "", cause), CAUSES.get(meant, FAILED)
    except Injection as wrong:
        return media.Faxed("failed", 0, "", str(wrong)), FAILED
    except (TimedOut, TimeoutError):
        return media.Faxed("failed", 0, "", "TIMEOUT"), FAILED
    finally:
        house.ends.pop(uuid, None)
    faxed = media.faxed(Result(False, "", event, event.get("Hangup-Cause")))
    return faxed, STATES[faxed.outcome]


async def _tell(house: House, work: Any) -> None:
    try:
        await house.workers.run("faxes", lambda: db.run(work), seconds=30)
    except Exception as failed:  # its lease runs out, and it is tried again
        log.error("the end of a fax could not be told", error=repr(failed))
