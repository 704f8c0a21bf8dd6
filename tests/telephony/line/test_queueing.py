"""What we know of mod_callcenter and mod_spandsp, held to FreeSWITCH's source where no recording tells it.

`mod_callcenter.c` (signalwire/freeswitch): `moh_on_dtmf`, `callcenter_function`, `cc_config_api_function`,
`list_result_callback`, `members_sql`. `switch_utils.c`: `switch_separate_string`. `spandsp/t30.h`: `T30_ERR_*`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.kernel.db import session
from app.telephony.calls.models import QueueVisit
from app.telephony.esl import Event, Result
from app.telephony.line.media import faxed
from app.telephony.line.queueing import place_of, waiting_in
from app.telephony.standin import Script
from app.telephony.standin.control import AGENT_COLUMNS, MEMBER_COLUMNS, separated
from tests.telephony.line.house import Line, played, steps_of, until

OFFER = """max_wait: 20
    offer: {prompt: hello, after: 1, keys: {"1": {goto: account, title: 回电, title_en: Call back}}}"""


def offering(app: Flask, *, max_wait: int = 20) -> None:
    """The queue of the tests' flow with an offer that key 1 takes."""
    file = app.extensions["lightline.settings"].ivr_dir / "main.yaml"
    file.write_text(file.read_text().replace("max_wait: 20", OFFER.replace("20", str(max_wait))))


@pytest.mark.parametrize("reason", ["BREAK_OUT", "EXIT_WITH_KEY"])
def test_a_key_leaves_the_queue_whatever_the_version_calls_it(line_app: Flask, tmp_path: Path, reason: str) -> None:
    offering(line_app)

    async def work(line: Line) -> str:
        line.switch.exit_reason = reason
        line.switch.agents["1001@lightline"].status = "On Break"
        ended = await line.switch.call(Script.read("asked 3; wait 8; press 1; wait 5; hang up"))
        await line.written()
        return ended.leg.uuid

    key = played(line_app, tmp_path, work, speed=5.0)
    assert ("wait", "key 1", "") in steps_of(line_app, key)
    with line_app.app_context():
        assert session.query(QueueVisit).one().outcome == "key"


def test_a_key_pressed_into_an_announcement_leaves_too(line_app: Flask, tmp_path: Path) -> None:
    offering(line_app)

    async def work(line: Line) -> str:
        line.switch.agents["1001@lightline"].status = "On Break"
        pressed = []

        async def press() -> None:
            await until(lambda: any(command.startswith("uuid_broadcast") for command in line.switch.commands))
            leg = next(iter(line.switch.legs.values()))
            assert leg.broadcasting
            leg.press("1")
            pressed.append(True)

        line.switch.spawn(press())
        ended = await line.switch.call(Script.read("asked 3; wait 20; hang up"))
        assert pressed
        await line.written()
        return ended.leg.uuid

    key = played(line_app, tmp_path, work, speed=2.0)
    assert ("wait", "key 1", "") in steps_of(line_app, key)


def test_the_limit_ends_a_wait_though_an_announcement_takes_the_tone_away(line_app: Flask, tmp_path: Path) -> None:
    offering(line_app, max_wait=5)

    async def work(line: Line) -> str:
        line.switch.agents["1001@lightline"].status = "On Break"
        ended = await line.switch.call(
            Script.read("asked 3"), made=lambda leg: setattr(leg, "_broadcast_until", line.switch.time() + 60)
        )
        await line.written()
        return ended.leg.uuid

    key = played(line_app, tmp_path, work, speed=6.0)
    assert ("wait", "timeout", "") in steps_of(line_app, key)


def members(*rows: dict[str, str]) -> str:
    """`queue list members` of these rows."""
    columns = MEMBER_COLUMNS.split("|")
    return "\n".join([MEMBER_COLUMNS, *("|".join(row.get(name, "0") for name in columns) for row in rows), "+OK\n"])


def test_a_place_is_counted_in_the_order_of_service_and_without_those_who_left() -> None:
    table = members(
        {"session_uuid": "late", "system_epoch": "300", "joined_epoch": "300", "state": "Waiting"},
        {"session_uuid": "", "system_epoch": "50", "joined_epoch": "50", "state": "Abandoned"},
        {"session_uuid": "early", "system_epoch": "100", "joined_epoch": "110", "state": "Trying"},
        {"session_uuid": "urgent", "system_epoch": "290", "base_score": "900", "state": "Waiting"},
    )
    assert [member["session_uuid"] for member in waiting_in(table)] == ["urgent", "early", "late"]
    assert place_of(table, "late") == 3
    assert place_of(table, "gone") is None


def test_columns_are_found_by_their_names_wherever_they_stand() -> None:
    assert place_of("score|state|session_uuid|new\n1|Waiting|me|x\n+OK\n", "me") == 1


def test_an_empty_list_has_no_line_of_columns() -> None:
    assert waiting_in("+OK\n") == []


def test_words_of_a_command_are_cut_as_the_switch_cuts_them() -> None:
    assert separated("queue count agents service@lightline 'Logged Out'")[-1] == "Logged Out"
    assert separated("queue count agents service@lightline Logged Out")[-2:] == ["Logged", "Out"]


def test_agents_answer_by_their_columns(line_app: Flask, tmp_path: Path) -> None:
    async def work(line: Line) -> list[str]:
        assert line.process.house.link is not None
        table = await line.process.house.link.api("callcenter_config agent list")
        line.switch.agents.clear()
        empty = await line.process.house.link.api("callcenter_config agent list")
        assert empty.strip() == "+OK"
        return table.splitlines()

    columns, row, *_rest = played(line_app, tmp_path, work)
    assert columns == AGENT_COLUMNS
    agent = dict(zip(columns.split("|"), row.split("|"), strict=True))
    assert (agent["name"], agent["status"], agent["state"]) == ("1001@lightline", "Available", "Waiting")


@pytest.mark.parametrize(
    ("code", "station", "outcome"),
    [
        ("2", "", "not_fax"),  # T30_ERR_T0_EXPIRED
        ("3", "", "not_fax"),  # T30_ERR_T1_EXPIRED
        ("49", "", "not_fax"),  # T30_ERR_CALLDROPPED, and nobody had named itself
        ("49", "057112345678", "failed"),
        ("5", "", "failed"),  # T30_ERR_HDLC_CARRIER: a carrier was there
        ("6", "", "failed"),  # T30_ERR_CANNOT_TRAIN: it answered
        ("48", "", "failed"),  # T30_ERR_RETRYDCN: it answered, and gave up
        ("19", "", "failed"),  # T30_ERR_TX_NODIS
    ],
)
def test_no_fax_machine_is_said_only_where_none_was_heard(code: str, station: str, outcome: str) -> None:
    variables = {"fax_success": "0", "fax_result_code": code, "fax_document_transferred_pages": "0"}
    headers = {f"variable_{name}": value for name, value in variables.items()}
    event = Event({"Event-Name": "CHANNEL_EXECUTE_COMPLETE", **headers, "variable_fax_remote_station_id": station})
    result = Result(alive=True, response="", event=event)
    assert faxed(result).outcome == outcome
