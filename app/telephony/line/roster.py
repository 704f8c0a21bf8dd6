"""Queues, agents and tiers of the database on the switch: told at once when they change, and after each reconnect."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from app.kernel.db import session
from app.telephony.agents.models import PhoneAgent, PhoneQueue, PhoneTier
from app.telephony.esl import Refused
from app.telephony.line.house import House

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who should be on the switch."""

    queues: frozenset[tuple[str, str]]
    agents: frozenset[tuple[str, int, int, int]]
    tiers: frozenset[tuple[str, str, int, int]]
    bounds: tuple[tuple[str, int], ...]


class Roster:
    """What was told to the switch last."""

    def __init__(self, domain: str) -> None:
        self._domain = domain
        self._told: Wanted | None = None

    def forget(self) -> None:
        """The switch may have been started anew: tell everything again."""
        self._told = None

    async def keep(self, house: House) -> None:
        """Tell what changed."""
        wanted = await house.workers.run("roster", read, seconds=10)
        house.queue_bounds = dict(wanted.bounds)
        if wanted == self._told or house.link is None:
            return
        for command in self._commands(wanted, self._told):
            try:
                await house.link.api(f"callcenter_config {command}")
            except Refused as refused:  # "already exist": the switch knew it
                log.debug("roster", command=command, answer=str(refused))
        self._told = wanted

    def _commands(self, wanted: Wanted, told: Wanted | None) -> list[str]:
        at = f"@{self._domain}"
        none: Wanted = Wanted(frozenset(), frozenset(), frozenset(), ())
        before = told or none
        commands = [f"queue load {code}{at}" for code, _how in sorted(wanted.queues - before.queues)]
        commands += [f"queue reload {code}{at}" for code, _how in sorted(wanted.queues - before.queues)]
        gone = {agent[0] for agent in before.agents} - {agent[0] for agent in wanted.agents}
        commands += [f"tier del {queue}{at} {agent}{at}" for queue, agent, *_o in sorted(before.tiers - wanted.tiers)]
        commands += [f"agent del {extension}{at}" for extension in sorted(gone)]
        for extension, wrap_up, rings, most in sorted(wanted.agents - before.agents):
            commands += [
                f"agent add {extension}{at} callback",
                f"agent set contact {extension}{at} [leg_timeout={rings}]user/{extension}{at}",
                f"agent set wrap_up_time {extension}{at} {wrap_up}",
                f"agent set max_no_answer {extension}{at} {most}",
            ]
        commands += [
            f"tier add {queue}{at} {agent}{at} {level} {position}"
            for queue, agent, level, position in sorted(wanted.tiers - before.tiers)
        ]
        return commands


def read() -> Wanted:
    """What the database says."""
    queues = session.scalars(sa.select(PhoneQueue).where(PhoneQueue.active)).all()
    agents = session.scalars(sa.select(PhoneAgent).where(PhoneAgent.active)).all()
    codes, extensions = {queue.id: queue.code for queue in queues}, {agent.id: agent.extension for agent in agents}
    tiers = session.scalars(sa.select(PhoneTier)).all()
    return Wanted(
        queues=frozenset((queue.code, f"{queue.strategy} {queue.max_wait} {queue.record}") for queue in queues),
        agents=frozenset((agent.extension, agent.wrap_up, agent.rings, agent.max_no_answer) for agent in agents),
        tiers=frozenset(
            (codes[tier.queue_id], extensions[tier.agent_id], tier.level, tier.position)
            for tier in tiers
            if tier.queue_id in codes and tier.agent_id in extensions
        ),
        bounds=tuple((queue.code, queue.most) for queue in queues),
    )


def unrecorded() -> frozenset[str]:
    """Queues whose talks are not recorded."""
    return frozenset(session.scalars(sa.select(PhoneQueue.code).where(sa.not_(PhoneQueue.record))))
