"""The applications a call can be told to run: what they take, how they end, what they leave in variables."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from app.telephony.standin import digits, media, queues

if TYPE_CHECKING:
    from app.telephony.standin.leg import Leg

Application = Callable[["Leg", str], Awaitable[str]]
"""Runs on a channel with its argument; the answer is the event's `Application-Response`."""

NONE = "_none_"


async def answer(leg: Leg, argument: str) -> str:  # noqa: ARG001
    leg.answer()
    return NONE


async def set_(leg: Leg, argument: str) -> str:
    name, _equals, value = argument.partition("=")
    if value:
        leg.variables[name] = value
    else:
        leg.variables.pop(name, None)
    return NONE


async def unset(leg: Leg, argument: str) -> str:
    leg.variables.pop(argument, None)
    return NONE


async def playback(leg: Leg, argument: str) -> str:
    stop_at = leg.variables.get("playback_terminators", "*")
    leg.variables.pop("playback_terminator_used", None)
    if media.seconds(argument) is None:
        return "FILE NOT FOUND"
    if key := await leg.play(argument, stop_at="" if stop_at == "none" else stop_at):
        leg.variables["playback_terminator_used"] = key
    return "FILE PLAYED"


async def say(leg: Leg, argument: str) -> str:  # noqa: ARG001 - without languages it says nothing, as recorded
    leg.variables["sound_prefix"] = "/usr/share/freeswitch/sounds"
    return NONE


async def sleep(leg: Leg, argument: str) -> str:
    await leg.lasting(int(argument or 0) / 1000)
    return NONE


async def flush_dtmf(leg: Leg, argument: str) -> str:  # noqa: ARG001
    leg.flush_keys()
    return NONE


async def record_session(leg: Leg, argument: str) -> str:
    leg.switch.recordings.append(argument)
    leg.tapes.start(
        argument,
        now=leg.switch.time(),
        bridged=leg.variables.get("RECORD_BRIDGE_REQ") == "true",
        stereo=leg.variables.get("RECORD_STEREO") == "true",
    )
    return NONE


async def stop_record_session(leg: Leg, argument: str) -> str:
    leg.tapes.stop(argument, now=leg.switch.time(), writes=leg.switch.writes)
    return NONE


async def record_session_mask(leg: Leg, argument: str) -> str:
    leg.tapes.mask(argument, now=leg.switch.time(), masked=True)
    return NONE


async def record_session_unmask(leg: Leg, argument: str) -> str:
    leg.tapes.mask(argument, now=leg.switch.time(), masked=False)
    return NONE


async def record(leg: Leg, argument: str) -> str:
    path, limit, _threshold, hits = [*argument.split(" "), "200", "5"][:4]
    leg.tell("recorded", path)
    stop_at = leg.variables.get("playback_terminators", "*")
    length, ended = await leg.listen(float(limit), float(hits), "" if stop_at == "none" else stop_at)
    if ended == "silence":
        leg.variables["silence_hits_exhausted"] = "true"
    size = media.record(path, length) if leg.switch.writes else int(length * 16000) + 44
    leg.variables |= {
        "record_record_file_size": str(size),
        "record_file_size": str(size),
        "record_seconds": str(int(length)),
        "record_ms": str(int(length * 1000)),
        "record_samples": str(int(length * 8000)),
    }
    return NONE


async def bridge(leg: Leg, argument: str) -> str:
    phone = leg.switch.phone(argument)
    variables = leg.variables
    other = leg.switch.new_uuid()
    cause = phone.cause
    if not cause:
        await leg.lasting(phone.rings)
    if leg.over():
        return NONE
    variables |= {"originated_legs": f"{other};Outbound Call;{argument.rpartition('/')[2]}"}
    variables["originate_disposition"] = variables["DIALSTATUS"] = cause or "SUCCESS"
    variables["originate_causes"] = f"{other};{cause or 'NONE'}"
    if cause:
        variables["last_bridge_hangup_cause"] = variables["originate_failed_cause"] = cause
        if variables.get("continue_on_fail") != "true":
            leg.hang_up(cause)
        return NONE
    variables["signal_bond"] = other
    leg.joined(other)
    ids = {"Bridge-A-Unique-ID": leg.uuid, "Bridge-B-Unique-ID": other}
    leg.emit("CHANNEL_BRIDGE", ids)
    variables |= {"bridge_to": other, "last_bridge_to": other, "bridge_uuid": other}
    await leg.lasting(phone.talks)
    variables |= {"last_bridge_role": "originator", "bridge_hangup_cause": "NORMAL_CLEARING"}
    leg.emit("CHANNEL_UNBRIDGE", ids)
    if not leg.over() and variables.get("hangup_after_bridge") == "true":
        leg.hang_up("NORMAL_CLEARING")
    return NONE


async def transfer(leg: Leg, argument: str) -> str:
    """The dialplan takes the call: our socket is closed."""
    leg.switch.transfers.append((leg.uuid, argument))
    leg.fallback = True
    if leg.socket is not None:
        leg.socket.cut()
    return NONE


async def hangup(leg: Leg, argument: str) -> str:
    leg.hang_up(argument or "NORMAL_CLEARING")
    return NONE


async def txfax(leg: Leg, argument: str) -> str:
    await leg.lasting(leg.switch.fax_seconds)
    if leg.over() and leg.fax != "ok":
        return NONE
    _fax_result(leg, argument)
    return NONE


async def rxfax(leg: Leg, argument: str) -> str:
    await leg.lasting(leg.switch.fax_seconds)
    if leg.fax == "ok" and leg.switch.writes:
        leg.switch.leave_fax(argument)
    _fax_result(leg, argument)
    return NONE


def _fax_result(leg: Leg, path: str) -> None:
    variables = leg.variables
    variables |= {"fax_v17_disabled": "0", "fax_ecm_requested": "1", "fax_filename": path}
    if leg.fax == "ok":
        variables |= {
            "fax_transfer_rate": "14400",
            "fax_ecm_used": "on",
            "fax_local_station_id": "95598",
            "fax_remote_station_id": leg.number,
            "fax_document_transferred_pages": "1",
            "fax_document_total_pages": "1",
        }
        if not leg.over():
            leg.hang_up("NORMAL_CLEARING", by_caller=True)
        variables |= {"fax_success": "1", "fax_result_code": "0", "fax_result_text": "OK"}
    else:
        # as spandsp counts and words them (src: t30.h, t30_api.c): nobody there, or a machine that gives up
        code, words = ("3", "Timed out waiting for the first message")
        if leg.fax != "not_fax":
            code, words = ("48", "Disconnected after permitted retries")
            variables["fax_remote_station_id"] = leg.number
        variables |= {
            "fax_success": "0",
            "fax_result_code": code,
            "fax_result_text": words,
            "fax_document_transferred_pages": "0",
        }


APPLICATIONS: dict[str, Application] = {
    "answer": answer,
    "set": set_,
    "unset": unset,
    "playback": playback,
    "play_and_get_digits": digits.run,
    "say": say,
    "sleep": sleep,
    "flush_dtmf": flush_dtmf,
    "record_session": record_session,
    "stop_record_session": stop_record_session,
    "record_session_mask": record_session_mask,
    "record_session_unmask": record_session_unmask,
    "record": record,
    "bridge": bridge,
    "transfer": transfer,
    "callcenter": queues.run,
    "txfax": txfax,
    "rxfax": rxfax,
    "hangup": hangup,
}
