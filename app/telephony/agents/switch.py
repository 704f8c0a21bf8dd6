"""Ask FreeSWITCH from a page: one short connection to its event socket, one question after the other.

The ivr process keeps a link of its own for calls; a page that needs an answer at once (is the agent on a break
now? has the caller gone over?) asks by itself and tells the reader what the switch said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Conflict
from app.telephony.config import Telephony
from app.telephony.esl import Injection, Lost, Refused, TimedOut
from app.telephony.esl.link import Link

LIMIT = 4.0
"""Seconds that a reader waits at most."""


class SwitchAway(Conflict):
    """The switch is not there, or does not answer in time."""

    code = "switch_away"
    status = 503


class SwitchRefused(Conflict):
    """The switch says no: what was meant is gone, or never was."""

    code = "switch_refused"


def ask(telephony: Telephony, *commands: str) -> list[str]:
    """The answers to `api` commands, in order; one that begins with `bgapi` is only handed in.

    Raises `SwitchAway`, `SwitchRefused` at the first that is refused.
    """
    if telephony.switch is None:
        raise SwitchAway(_l("No telephone switch is connected."))
    try:
        return asyncio.run(_ask(telephony, commands))
    except Refused as refused:
        raise SwitchRefused(_l("The telephone switch refused: %(why)s", why=str(refused)[:200])) from refused
    except Injection as wrong:
        raise SwitchRefused(_l("This cannot be told to the telephone switch.")) from wrong
    except (Lost, TimedOut, TimeoutError, OSError) as away:
        raise SwitchAway(_l("The telephone switch does not answer. Try again in a moment.")) from away


async def _ask(telephony: Telephony, commands: Sequence[str]) -> list[str]:
    assert telephony.switch is not None
    link = Link(*telephony.switch, telephony.password, events=())
    keeping = asyncio.get_running_loop().create_task(link.run())
    try:
        async with asyncio.timeout(LIMIT):
            await link.wait_up(LIMIT)
            return [(await link.api(command, timeout=LIMIT)).strip() for command in commands]
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
