"""The page of the prompts, and its commands."""

from __future__ import annotations

import io

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import jobs
from app.telephony.prompts import rendering
from app.telephony.prompts.texts import prompts
from tests.identity.factories import make_unit, make_user, sign_in
from tests.telephony.prompts.conftest import tone


@pytest.fixture
def analyst(app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(posts=[("analyst", make_unit())]))
    return client


def test_only_keepers_of_prompts_see_the_page(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(posts=[("crew", make_unit())]))
    assert client.get("/ivr/prompts/").status_code == 403
    assert client.get("/ivr/prompts/line.welcome/zh.wav").status_code == 403


def test_prompts_are_listed_searched_and_heard(analyst: FlaskClient) -> None:
    page = analyst.get("/ivr/prompts/").text
    assert "line.welcome" in page
    assert "Hello, welcome" in page
    assert "say/digit/3" not in page
    assert "say/digit/3" in analyst.get("/ivr/prompts/?group=say").text
    found = analyst.get("/ivr/prompts/?q=传真号码").text
    assert "fax.ask_number" in found
    assert "line.welcome" not in found
    assert "没有符合条件" in analyst.get("/ivr/prompts/?state=recorded").text
    with analyst.get("/ivr/prompts/line.goodbye/zh.wav") as sound:
        assert (sound.status_code, sound.mimetype, sound.data[:4]) == (200, "audio/wav", b"RIFF")
    for address in ("line.goodbye/fr.wav", "nobody/zh.wav", "nobody"):
        assert analyst.get(f"/ivr/prompts/{address}").status_code == 404


def test_a_recording_comes_and_goes(analyst: FlaskClient) -> None:
    address = "/ivr/prompts/say/digit/3/zh"
    assert analyst.post(f"{address}/recording").status_code == 422
    bad = analyst.post(f"{address}/recording", data={"file": (io.BytesIO(b"ID3 and so on"), "three.wav")})
    assert bad.status_code == 422
    assert "这不是 PCM" in bad.text
    good = analyst.post(f"{address}/recording", data={"file": (io.BytesIO(tone()), "三.wav")})
    assert good.status_code == 303
    page = analyst.get("/ivr/prompts/say/digit/3").text
    assert "真人录音" in page
    assert analyst.post(f"{address}/rendering").status_code == 303
    assert "录音 0.5 秒" in analyst.get("/ivr/prompts/say/digit/3").text


def test_rendering_is_a_job(analyst: FlaskClient, app: Flask) -> None:
    assert analyst.post("/ivr/prompts/render").status_code == 303
    assert [job.kind for job in jobs.list_jobs()] == ["telephony.render_prompts"]
    assert "条已有语音文件" in analyst.get("/ivr/prompts/progress").text


def test_commands(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = app.test_cli_runner()
    listed = runner.invoke(args=["ivr", "prompts", "list", "--json"]).output.splitlines()
    assert orjson.loads(listed[0])["key"] == next(iter(prompts("zh")))
    missing = runner.invoke(args=["ivr", "prompts", "missing"])
    assert (missing.exit_code, "zh.yaml:line.welcome: not rendered" in missing.output) == (0, True)
    rendered: list[str] = []
    monkeypatch.setattr(
        "app.telephony.prompts.operations.rendering.rendering.render",
        lambda text, language, **_: rendered.append(text) or rendering.path_of(text, language),
    )
    done = runner.invoke(args=["ivr", "prompts", "render"])
    assert done.exit_code == 0
    assert f"{len(rendered)} rendered, 0 failed" in done.output
