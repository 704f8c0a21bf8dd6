"""Nothing that a caller, a customer's name or a flow holds can become a command of the switch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.telephony.esl import Framer, commands, guard
from app.telephony.esl.guard import Injection

EVIL = [
    "x\n\napi system rm -rf /",
    "x\r\nbgapi originate",
    "x\x00y",
    "${system(touch /tmp/owned)}",
    "$ {system(id)}",
    "a" * 40_000,
]


@pytest.mark.parametrize("value", EVIL)
@pytest.mark.parametrize("where", [guard.argument, guard.word, guard.number, guard.name, guard.option])
def test_line_breaks_expansions_and_floods_are_refused_everywhere(where, value):
    with pytest.raises(Injection):
        where(value)


@given(st.text(max_size=80))
def test_one_application_stays_one_command(argument):
    try:
        written = commands.execute("playback", argument, event_uuid="one-1")
    except Injection:
        assert any(mark in argument for mark in "\r\n\x00") or "${" in argument.replace(" ", "") or "$" in argument
        return
    head, _empty, body = written.partition(b"\n\n")
    assert body == argument.encode()
    assert head.startswith(b"sendmsg\ncall-command: execute\nexecute-app-name: playback\n")
    (frame,) = Framer().feed(b"x: " + written)  # its length is told in bytes
    assert frame.headers["execute-app-name"] == "playback"


@given(st.text(max_size=40))
def test_a_dialled_number_is_digits_or_refused(number):
    try:
        assert set(guard.number(number)) <= set("+0123456789*#")
    except Injection:
        return


@pytest.mark.parametrize("value", ["a:b", "a}b", "a'b", "[x]", "a\\b"])
def test_an_option_cannot_end_its_braces(value):
    with pytest.raises(Injection):
        commands.originate("sofia/gateway/trunk/1380", {"origination_caller_id_name": value}, then="&park()")


def test_commas_are_safe_in_options():
    line = commands.originate(
        "sofia/gateway/trunk/13800138000",
        {"origination_caller_id_name": "光明,热线", "originate_timeout": "30"},
        then="&socket(127.0.0.1:8084 async)",
    )
    assert line == (
        "originate {^^:origination_caller_id_name=光明,热线:originate_timeout=30}"
        "sofia/gateway/trunk/13800138000 &socket(127.0.0.1:8084 async)"
    )


def test_recordings_are_listed_only_by_clean_names():
    assert commands.files(["/a.wav"]) == "/a.wav"
    assert commands.files(["/a.wav", "/b.wav"]) == "file_string:///a.wav!/b.wav"
    for name in ("/a b.wav", "/a!b.wav", "/${uuid}.wav"):
        with pytest.raises(Injection):
            commands.files([name, "/b.wav"])
