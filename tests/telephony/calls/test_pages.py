"""Pages of calls: scoped, masked, and listening leaves a trace."""

from __future__ import annotations

import html
import io
import re
import wave
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import db, files
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.retention import sweeping
from app.telephony.agents.models import PhoneAgent
from app.telephony.calls.models import Call, CallLeg, CallRecording, CallStep, QueueVisit, RecordingPause
from app.telephony.models import IvrFlowVersion
from app.telephony.operations import flows
from tests.conftest import START
from tests.identity.factories import make_unit, make_user, sign_in


def sound() -> io.BytesIO:
    content = io.BytesIO()
    with wave.open(content, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(b"\x00\x00" * 8000)
    content.seek(0)
    return content


@pytest.fixture
def calls(app: Flask) -> dict[str, Any]:
    """One call placed in a unit, one of the whole line."""
    with app.app_context():
        unit = make_unit("U-calls", parent=make_unit("U-above", kind="city"))
        file = files.save(sound(), "talk.wav", actor=SYSTEM, now=START, allowed=files.AUDIO)
        made: dict[str, Any] = {"unit": unit}
        for name, path in (("here", unit.path), ("line", "/")):
            call = Call(
                key=f"uuid-{name}", number="13800138000", called="95598", began_at=START, unit_path=path, tags={},
                flow="main", account_no="0571001", outcome="agent", agent="1001", queue="service", waited=12, talked=95,
                ended_at=START + timedelta(minutes=3), cause="NORMAL_CLEARING", last_node="main/bye", steps=1,
            )  # fmt: skip
            session.add(call)
            session.flush()
            session.add(
                CallStep(call_id=call.id, n=1, at=START, flow="main", node="menu", kind="menu", exit="key 0", input="0")
            )
            session.add(CallLeg(call_id=call.id, n=1, kind="caller", party="13800138000", offered_at=START))
            recording = CallRecording(
                call_id=call.id, call_key=call.key, kind="whole", file_id=file.id, seconds=95.0, at=START
            )
            session.add(recording)
            session.flush()
            made[name], made[f"{name}_recording"] = call.id, recording.id
        session.commit()
        return made


def test_supervisors_see_calls_of_their_units_alone(app: Flask, client: FlaskClient, calls: dict[str, Any]) -> None:
    with app.app_context():
        unit = calls["unit"]
        sign_in(client, make_user(posts=[("supervisor", unit)]))
    text = client.get("/calls/").get_data(as_text=True)
    assert f"/calls/{calls['here']}" in text
    assert f'/calls/{calls["line"]}"' not in text
    assert client.get(f"/calls/{calls['line']}").status_code == 404
    page = client.get(f"/calls/{calls['here']}").get_data(as_text=True)
    assert "main/menu" in page


def test_steps_are_named_as_the_flow_of_the_call_names_them(
    app: Flask, client: FlaskClient, calls: dict[str, Any]
) -> None:
    node = "menu: {kind: hangup, title: %s, title_en: %s}"
    flow = f"flow: main\ntitle: 总机\ntitle_en: Line\nstart: menu\nnodes:\n  {node}\n"
    with app.app_context():
        for title, title_en in (("旧菜单", "Old menu"), ("新菜单", "New menu")):
            files = {"main.yaml": flow % (title, title_en)}
            db.run(lambda files=files: flows.publish(files, note="", actor=SYSTEM, now=START))
            if title == "旧菜单":
                old = session.scalars(sa.select(IvrFlowVersion.hash)).one()
        session.execute(sa.update(CallStep).values(version=old))
        session.execute(sa.update(Call).values(last_node="main/menu"))
        session.commit()
        sign_in(client, make_user(posts=[("supervisor", calls["unit"])]))
    page = client.get(f"/calls/{calls['here']}").get_data(as_text=True)
    assert "总机 · 旧菜单" in page
    assert "总机 · 新菜单" in client.get("/calls/").get_data(as_text=True)
    assert "Line · Old menu" in client.get(f"/calls/{calls['here']}?lang=en").get_data(as_text=True)


def test_numbers_are_masked_without_the_right(app: Flask, client: FlaskClient, calls: dict[str, Any]) -> None:
    with app.app_context():
        sign_in(client, make_user(posts=[("analyst", None)]))
    for address in ("/calls/", f"/calls/{calls['line']}"):
        page = client.get(address).get_data(as_text=True)
        assert "13800138000" not in page
        assert "138****8000" in page


def test_listening_needs_the_right(app: Flask, client: FlaskClient, calls: dict[str, Any]) -> None:
    with app.app_context():
        sign_in(client, make_user(posts=[("analyst", None)]))
    assert client.get(f"/calls/recordings/{calls['here_recording']}").status_code == 403


def test_listening_leaves_a_trace(app: Flask, client: FlaskClient, calls: dict[str, Any]) -> None:
    with app.app_context():
        unit = calls["unit"]
        sign_in(client, make_user("listener", posts=[("supervisor", unit)]))
    answer = client.get(f"/calls/recordings/{calls['line_recording']}")
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)
    player = client.post(f"/calls/recordings/{calls['here_recording']}/listen")
    assert player.status_code == 200
    assert client.get(f"/calls/recordings/{calls['here_recording']}").status_code == 403
    source = html.unescape(re.search(r'src="([^"]+)"', player.get_data(as_text=True))[1])  # type: ignore[index]
    other = source.replace(str(calls["here_recording"]), str(calls["line_recording"]), 1)
    assert client.get(other).status_code in {403, 404}
    heard = client.get(source)
    assert heard.data[:4] == b"RIFF"
    assert heard.headers["Cache-Control"] == "no-store"
    heard.close()
    with app.app_context():
        entries = session.execute(sa.text("select subject_id from audit_entry where action = 'call.listen'")).all()
        assert [int(entry[0]) for entry in entries] == [calls["here"]]


@pytest.mark.parametrize(
    "query", ["since=nonsense", "after=-5", "outcome=%27", "number=" + "9" * 500, "until=2026-13-45", "direction=x"]
)
def test_odd_filters_are_no_error(app: Flask, client: FlaskClient, calls: dict[str, Any], query: str) -> None:
    with app.app_context():
        sign_in(client, make_user(posts=[("supervisor", None)]))
    assert client.get(f"/calls/?{query}").status_code == 200


def test_old_calls_and_recordings_go_by_retention(app: Flask, calls: dict[str, Any]) -> None:
    with app.app_context():
        sweeping.run(actor=SYSTEM, now=START + timedelta(days=400))
        assert session.query(CallRecording).count() == 0
        assert session.query(Call).count() == 2
        sweeping.run(actor=SYSTEM, now=START + timedelta(days=1200))
        assert session.query(Call).count() == 0
        assert session.query(CallStep).count() == 0


def test_an_agent_in_a_talk_pauses_its_recording_and_nobody_else_does(
    app: Flask, client: FlaskClient, calls: dict[str, Any]
) -> None:
    with app.app_context():
        agent = make_user("agent_li", posts=[("agent", calls["unit"])])
        session.add(PhoneAgent(extension="1001", username="agent_li", a1_hash="0" * 32, changed_at=START))
        session.add(
            QueueVisit(
                member="m", queue="service", call_key="uuid-here", joined_at=START, answered_at=START, agent="1001"
            )
        )
        session.commit()
        sign_in(client, agent)
    assert 'hx-get="/calls/talk"' in client.get("/calls/").get_data(as_text=True)
    assert "暂停录音" in client.get("/calls/talk").get_data(as_text=True)
    answer = client.post("/calls/talk/pause", data={"paused": "1"}).get_data(as_text=True)
    assert "继续录音" in answer
    with app.app_context():
        assert session.query(RecordingPause).one().paused
        session.query(QueueVisit).update({"left_at": START})
        session.commit()
    assert "暂停录音" not in client.get("/calls/talk").get_data(as_text=True)
    assert client.post("/calls/talk/pause", data={"paused": "0"}).status_code == 404
