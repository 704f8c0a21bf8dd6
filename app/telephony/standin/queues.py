"""mod_callcenter: queues, agents, and the events `callcenter::info` that tell of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.telephony.standin.events import Values

if TYPE_CHECKING:
    from app.telephony.standin.leg import Leg
    from app.telephony.standin.switch import Switch

OFFERED_AFTER = 0.5
"""The switch looks for an agent twice a second, as recorded."""

CALLING = {
    "member-queue-start": ("callcenter_function", "3113"),
    "member-queue-end": ("callcenter_function", "3274"),
    "members-count": ("cc_queue_count", "878"),
    "agent-contact-change": ("cc_agent_update", "1091"),
    "agent-status-change": ("cc_agent_update", "1043"),
    "agent-state-change": ("cc_agent_update", "1067"),
    "agent-offering": ("outbound_agent_thread_run", "1717"),
    "bridge-agent-start": ("outbound_agent_thread_run", "1931"),
    "bridge-agent-end": ("outbound_agent_thread_run", "2001"),
    "bridge-agent-fail": ("outbound_agent_thread_run", "2200"),
}


@dataclass(slots=True)
class StandInAgent:
    """Somebody at a phone: rings so long, talks so long; `answers` false lets it ring."""

    name: str
    contact: str = ""
    status: str = "Logged Out"
    state: str = "Waiting"
    rings: float = 1.0
    talks: float = 10.0
    answers: bool = True
    calls: int = 0


@dataclass(slots=True)
class StandInQueue:
    """One queue and who waits in it, oldest first."""

    name: str
    members: list[str] = field(default_factory=list)
    legs: dict[str, Leg] = field(default_factory=dict)
    """By member the channel that waits."""

    def listed(self) -> list[str]:
        """Lines of `queue list members` (src: mod_callcenter.c, members table)."""
        rows = []
        for member in self.members:
            leg = self.legs[member]
            joined = leg.variables.get("cc_queue_joined_epoch", "0")
            score = leg.variables.get("cc_base_score", "0")
            rows.append(
                f"{self.name}|single_box|{member}|{leg.uuid}|{leg.number}|{leg.name}|{joined}|{joined}|0|0|0|{score}|0"
                "|||Waiting"
            )
        return rows


async def run(leg: Leg, argument: str) -> str:
    """The application `callcenter`."""
    switch = leg.switch
    queue = switch.queues.get(argument)
    if queue is None:
        return "_none_"
    member = str(uuid.uuid4())
    joined = str(int(switch.now().timestamp()))
    leg.variables |= {
        "cc_side": "member",
        "cc_member_uuid": member,
        "cc_queue_joined_epoch": joined,
        "cc_queue": argument,
    }
    queue.legs[member] = leg
    queue.members.append(member)
    told = _member(leg, member)
    _tell(switch, "member-queue-start", argument, told, leg=leg)
    _count(switch, queue)
    leg.tell("heard", f"queue {argument}")
    try:
        reason, agent = await _waiting(leg, queue, member, told, joined)
    finally:
        if member in queue.members:
            queue.members.remove(member)
        del queue.legs[member]
    now = str(int(switch.now().timestamp()))
    times = {"CC-Member-Leaving-Time": now, "CC-Member-Joined-Time": joined}
    if agent:
        leg.variables |= {"cc_queue_terminated_epoch": now, "cc_cause": "answered"}
        end: Values = {**times, "CC-Cause": "Terminated"}
    else:
        # a key that left stands in cc_exit_key; the reason is the same as of a hang-up (src: callcenter_function)
        leg.variables |= {"cc_queue_canceled_epoch": now, "cc_cause": "cancel", "cc_cancel_reason": reason}
        end = {**times, "CC-Cause": "Cancel", "CC-Cancel-Reason": reason}
    _tell(switch, "member-queue-end", argument, {**end, **told}, leg=leg)
    _count(switch, queue)
    return "_none_"


async def _waiting(leg: Leg, queue: StandInQueue, member: str, told: Values, joined: str) -> tuple[str, str]:
    """Wait and be served: the reason why not, or the agent who served."""
    switch = leg.switch
    exit_keys = leg.variables.get("cc_exit_keys", "")
    refused: set[str] = set()
    while not leg.over():
        key = await leg.key(OFFERED_AFTER)
        if key and key in exit_keys and not leg.broadcasting:
            leg.variables["cc_exit_key"] = key
            return switch.exit_reason, ""
        if leg.over():
            break
        agent = switch.free_agent(queue.name, but=refused) if queue.members[:1] == [member] else None
        if agent is None:
            continue
        if await _serve(leg, queue, agent, told, joined):
            return "", agent.name
        refused.add(agent.name)
    return "BREAK_OUT", ""


async def _serve(leg: Leg, queue: StandInQueue, agent: StandInAgent, told: Values, joined: str) -> bool:
    """Ring one agent and have them talk; false where nobody picked up."""
    switch = leg.switch
    called = str(int(switch.now().timestamp()))
    agent.state = "Receiving"
    _tell(switch, "agent-state-change", "", {"CC-Agent": agent.name, "CC-Agent-State": "Receiving"})
    system = {"CC-Agent": agent.name, "CC-Agent-Type": "Callback", "CC-Agent-System": "single_box"}
    _tell(switch, "agent-offering", queue.name, {**system, **told})
    await leg.lasting(agent.rings)
    if leg.over() or not agent.answers:
        failed = {
            "CC-Hangup-Cause": "SUCCESS" if leg.cause else "NO_ANSWER",
            "CC-Agent": agent.name,
            "CC-Agent-System": "single_box",
            "CC-Agent-Called-Time": called,
            "CC-Agent-Aborted-Time": str(int(switch.now().timestamp())),
            **told,
            "CC-Member-Joined-Time": joined,
        }
        _tell(switch, "bridge-agent-fail", queue.name, failed)
        _waits(switch, agent)
        return False
    queue.members.remove(told["CC-Member-UUID"])
    answered = str(int(switch.now().timestamp()))
    other = switch.new_uuid()
    leg.variables |= {"cc_agent": agent.name, "cc_queue_answered_epoch": answered, "cc_agent_uuid": other}
    agent.state, agent.calls = "In a queue call", agent.calls + 1
    _tell(switch, "agent-state-change", "", {"CC-Agent": agent.name, "CC-Agent-State": agent.state})
    times = {"CC-Agent-Called-Time": called, "CC-Agent-Answered-Time": answered, "CC-Member-Joined-Time": joined}
    legs = {**system, "CC-Agent-UUID": other, **times, **told}
    leg.joined(other)
    ids = {"Bridge-A-Unique-ID": leg.uuid, "Bridge-B-Unique-ID": other}
    leg.emit("CHANNEL_BRIDGE", ids)
    _tell(switch, "bridge-agent-start", queue.name, legs)
    await leg.talking(other, agent.talks)
    leg.emit("CHANNEL_UNBRIDGE", ids)
    ended = {"CC-Hangup-Cause": "NORMAL_CLEARING", "CC-Bridge-Terminated-Time": str(int(switch.now().timestamp()))}
    _tell(switch, "bridge-agent-end", queue.name, {**legs, **ended})
    _waits(switch, agent)
    return True


def changed(switch: Switch, agent: StandInAgent, what: str, value: str) -> None:
    """An agent's entry changed by `callcenter_config agent set`."""
    header = {"contact": "CC-Agent-Contact", "status": "CC-Agent-Status", "state": "CC-Agent-State"}[what]
    _tell(switch, f"agent-{what}-change", "", {"CC-Agent": agent.name, header: value})


def _waits(switch: Switch, agent: StandInAgent) -> None:
    agent.state = "Waiting"
    _tell(switch, "agent-state-change", "", {"CC-Agent": agent.name, "CC-Agent-State": "Waiting"})


def _member(leg: Leg, member: str) -> Values:
    return {
        "CC-Member-UUID": member,
        "CC-Member-Session-UUID": leg.uuid,
        "CC-Member-CID-Name": leg.name,
        "CC-Member-CID-Number": leg.number,
    }


def _count(switch: Switch, queue: StandInQueue) -> None:
    _tell(switch, "members-count", queue.name, {"CC-Count": str(len(queue.members)), "CC-Selection": "Single-Queue"})


def _tell(switch: Switch, action: str, queue: str, values: Values, *, leg: Leg | None = None) -> None:
    if not switch.wanted("callcenter::info"):
        return
    function, line = CALLING[action]
    head = switch.heads.head("CUSTOM", subclass="callcenter::info", calling=("mod_callcenter.c", function, line))
    named: Values = {"CC-Queue": queue, "CC-Action": action} if queue else {}
    if not queue:
        named = {"CC-Agent": values["CC-Agent"], "CC-Action": action}
    told = {**named, **values}
    switch.publish("callcenter::info", leg.event("CUSTOM", told, head=head) if leg else {**head, **told})
