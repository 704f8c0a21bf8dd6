"""What is played: recordings first, renderings else, each once."""

from __future__ import annotations

import io
import sys
import types
import wave
from typing import Any

import numpy as np
import pytest
from flask import Flask

from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.errors import Forbidden
from app.kernel.files import store
from app.kernel.files.models import StoredFile
from app.telephony import prompts
from app.telephony.ivr.pieces import Prompt, Spoken, Text
from app.telephony.prompts import library, queries, rendering
from app.telephony.prompts.audio import BadSound, Sound
from app.telephony.prompts.operations import rendering as rendering_jobs
from app.telephony.prompts.operations.recording import NoSuchPrompt
from app.telephony.prompts.voices import CannotSpeak, espeak, voice_of
from app.telephony.prompts.voices.voice import Voice
from app.telephony.speech import compose
from tests.conftest import START
from tests.identity.factories import actor_of, make_unit, make_user
from tests.telephony.prompts.conftest import tone


def seconds(path: Any) -> float:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8_000)
        return file.getnframes() / file.getframerate()


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A voice that notes what it says: a tenth of a second a character."""
    said: list[str] = []

    def speak(text: str) -> Sound:
        said.append(text)
        count = max(1, len(text)) * 800
        return Sound(np.sin(np.arange(count) / 3).astype(np.float32), 8_000)

    monkeypatch.setattr(rendering, "voice_of", lambda language: Voice(f"noted/{language}", speak))
    return said


def test_a_prompt_may_keep_its_own_language(app: Flask, spoken: list[str]) -> None:
    english, chinese = prompts.files([Prompt("line.english", "en"), Prompt("line.english")], "zh")
    assert ([english], [chinese]) == (prompts.files([Prompt("line.english")], "en"), [chinese])
    assert spoken == ["For English, press two.", "英语服务请按二。"]


def test_pieces_become_files_in_their_order(app: Flask, spoken: list[str]) -> None:
    pieces = [Prompt("line.welcome"), Spoken("money", "12.50"), Text("光明路 8 号"), Spoken("text", "以上")]
    found = prompts.files(pieces, "zh")
    assert len(found) == 1 + len(compose("money", "12.50", "zh")) + 2
    assert [seconds(path) > 0 for path in found] == [True] * len(found)
    assert spoken[0].startswith("您好")
    before = len(spoken)
    assert prompts.files(pieces, "zh") == found
    assert len(spoken) == before, "each text is spoken once"
    assert not set(prompts.files(pieces, "en")[:1]) & set(found)


def test_what_cannot_be_said_is_left_out(app: Flask, spoken: list[str]) -> None:
    pieces = [Prompt("nobody.said_this"), Spoken("money", "much"), Spoken("colour", 1), Text("  "), Text("好")]
    assert len(prompts.files(pieces, "zh")) == 1


def test_pauses_are_silence(app: Flask, spoken: list[str]) -> None:
    found = prompts.files([Spoken("phone", "13812341234")], "zh")
    assert [path.name for path in found].count("silence-250.wav") == 2


def test_the_real_voice_speaks_chinese_and_english(app: Flask) -> None:
    for language, text in (("zh", "停电报修请按一"), ("en", "to report a power failure press one")):
        assert 0.8 < seconds(rendering.render(text, language)) < 5
    assert rendering.render("停电", "zh") != rendering.render("停电", "zh", trim=True)


def test_pinyin_reads_words_of_the_trade() -> None:
    assert espeak.pinyin("重新播放，请按95598#") == "chong2 xin1 bo1 fang4, qing3 an4 jiu3 wu3 wu3 jiu3 ba1 #"
    assert espeak.pinyin("TD 台区") == "T D tai2 qu1"


def test_an_engine_that_is_away_is_an_error_of_its_own(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak.shutil, "which", lambda _: None)
    with pytest.raises(CannotSpeak, match="not installed"):
        rendering.render("没有引擎", "zh")
    assert prompts.files([Text("没有引擎")], "zh") == []


def test_an_engine_that_hangs_is_ended(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    hanging = tmp_path / "espeak-ng"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o755)
    monkeypatch.setattr(espeak.shutil, "which", lambda _: str(hanging))
    monkeypatch.setattr(espeak, "TIMEOUT", 0.2)
    with pytest.raises(CannotSpeak):
        rendering.render("慢", "zh")


def test_the_better_voice_goes_first_and_the_plain_one_helps_out(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kokoro's own interface, with a model that is not here."""
    asked: list[tuple[str, str]] = []

    class KPipeline:
        def __init__(self, lang_code: str) -> None:
            self.code = lang_code

        def __call__(self, text: str, voice: str) -> Any:
            asked.append((self.code, voice))
            if "坏" in text:
                raise RuntimeError("no model")
            yield text, "", np.sin(np.arange(24_000) / 9).astype(np.float32)

    module = types.ModuleType("kokoro")
    module.KPipeline = KPipeline  # type: ignore[attr-defined]
    module.__spec__ = types.SimpleNamespace()  # type: ignore[assignment]
    monkeypatch.setitem(sys.modules, "kokoro", module)
    assert voice_of("zh").name == "kokoro/zf_xiaoxiao"
    assert seconds(rendering.render("你好", "zh")) == pytest.approx(1, abs=0.01)
    fallback = rendering.render("坏了", "zh")
    assert seconds(fallback) != pytest.approx(1, abs=0.01)
    assert fallback != rendering.path_of("坏了", "zh"), "the better voice is tried again next time"
    assert asked == [("z", "zf_xiaoxiao")] * 2
    monkeypatch.delitem(sys.modules, "kokoro")
    assert voice_of("zh").name.startswith("espeak-ng/")


def test_a_speaker_goes_before_the_machine(app: Flask, clock: FrozenClock, spoken: list[str]) -> None:
    machine = library.file_of("line.goodbye", "zh")
    row = db.run(lambda: _upload("line.goodbye"))
    library.forget()
    recorded = library.file_of("line.goodbye", "zh")
    assert recorded != machine
    assert seconds(recorded) == pytest.approx(0.5, abs=0.01)
    assert row == "zh"
    assert library.file_of("line.goodbye", "en") != recorded
    said = queries.row_of("line.goodbye")
    assert said is not None
    assert [(each.source, each.stale) for each in said.said] == [("recorded", False), ("rendered", False)]
    db.run(lambda: prompts.withdraw("line.goodbye", "zh", actor=SYSTEM, now=clock.now()))
    library.forget()
    assert library.file_of("line.goodbye", "zh") == machine
    assert [entry.withdrawn for entry in queries.history("line.goodbye")] == [True, False]


def test_a_recording_is_heard_by_calls_without_a_restart(
    app: Flask, clock: FrozenClock, spoken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "FRESH", 0.0)
    machine = library.file_of("line.goodbye", "zh")
    db.run(lambda: _upload("line.goodbye"))
    assert library.file_of("line.goodbye", "zh") != machine


def test_a_lost_recording_falls_back(app: Flask, spoken: list[str]) -> None:
    machine = library.file_of("line.goodbye", "zh")
    db.run(lambda: _upload("line.goodbye"))
    library.forget()
    stored = session.query(StoredFile).one()
    store.path_of(stored.sha256).unlink()
    assert library.file_of("line.goodbye", "zh") == machine


def test_who_may_not_and_what_is_not_are_refused(app: Flask, clock: FrozenClock) -> None:
    person = make_user(posts=[("agent", make_unit())])
    with pytest.raises(Forbidden):
        prompts.upload(
            "line.goodbye", "zh", io.BytesIO(tone()), filename="a.wav", actor=actor_of(person), now=clock.now()
        )
    for key, language in (("nobody.said_this", "zh"), ("line.goodbye", "fr")):
        with pytest.raises(NoSuchPrompt):
            prompts.upload(key, language, io.BytesIO(tone()), filename="a.wav", actor=SYSTEM, now=clock.now())
    with pytest.raises(BadSound):
        prompts.upload("line.goodbye", "zh", io.BytesIO(b"MP3"), filename="a.wav", actor=SYSTEM, now=clock.now())


def test_rendering_goes_on_until_nothing_is_left(
    app: Flask, clock: FrozenClock, spoken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering_jobs, "AT_ONCE", 150)
    count = db.run(lambda: prompts.start_rendering(now=clock.now()))
    assert count == len(rendering_jobs.missing()) > 200
    for _ in range(5):
        jobs.run_due(clock.now(), 10)
    assert rendering_jobs.missing() == []
    assert queries.progress().percent == 100
    assert jobs.count_by_state().get("dead", 0) == 0
    assert db.run(lambda: prompts.start_rendering(now=clock.now())) == 0


def _upload(key: str) -> str:
    row = prompts.upload(key, "zh", io.BytesIO(tone()), filename="再见.wav", actor=SYSTEM, now=START)
    return row.language
