"""FreeSWITCH's configuration: whole, well-formed, safe."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from flask import Flask
from lxml import etree

from app.telephony.config import Telephony
from app.telephony.freeswitch import SOURCE, NotPlain, freeswitch_config, values_for, write

TRUNK = {"host": "sip.carrier.example", "user": "95598", "password": "geheim"}


def values() -> dict[str, str]:
    return values_for(
        Telephony(), web="http://127.0.0.1:8000/", trunk=TRUNK, ivr="10.0.0.5:8084|10.0.0.6:8084", apology="/a.wav"
    )


@pytest.fixture
def written(tmp_path: Path) -> Path:
    write(tmp_path / "fs", values())
    return tmp_path / "fs"


def parsed(folder: Path) -> dict[str, etree._Element]:
    return {str(path.relative_to(folder)): etree.parse(path).getroot() for path in folder.rglob("*.xml")}


def param(root: etree._Element, name: str) -> list[str]:
    return [str(value) for value in root.xpath(f"//param[@name='{name}']/@value")]


def test_every_file_is_xml_and_every_place_is_filled(written: Path) -> None:
    assert len(parsed(written)) == len(list(SOURCE.rglob("*.xml"))) >= 15
    assert not [path for path in written.rglob("*.xml") if re.search(r"@[A-Z_]+@", path.read_text())]
    assert not [path for path in written.rglob("*.xml") if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_the_event_socket_is_for_this_machine_alone_and_has_a_password_of_its_own(written: Path) -> None:
    files = parsed(written)
    socket = files["autoload_configs/event_socket.conf.xml"]
    assert param(socket, "listen-ip") == ["127.0.0.1"]
    assert param(socket, "apply-inbound-acl") == ["lightline"]
    (access,) = files["autoload_configs/acl.conf.xml"].xpath("//list[@name='lightline']")
    assert access.get("default") == "deny"
    assert [node.get("cidr") for node in access] == ["127.0.0.1/32"]
    text = (written / "vars.xml").read_text()
    (password,) = re.findall(r"event_socket_password=([^\"]+)", text)
    assert len(password) >= 40
    assert "ClueCon" not in text
    assert password != values()["EVENT_SOCKET_PASSWORD"]


def test_profiles_time_their_sound_and_let_nobody_in_unknown(written: Path) -> None:
    files = parsed(written)
    for name in ("trunk", "agents"):
        profile = files[f"sip_profiles/{name}.xml"]
        assert param(profile, "rtp-timer-name") == ["soft"]
        assert param(profile, "auth-calls") == ["true"]
        assert param(profile, "accept-blind-reg") == ["false"]
        assert param(profile, "accept-blind-auth") == ["false"]
    assert param(files["sip_profiles/agents.xml"], "wss-binding") == [":7443"]


def test_the_dialplan_goes_on_where_no_ivr_answers(written: Path) -> None:
    plan = parsed(written)["dialplan/lightline.xml"]
    actions = [
        (action.get("application"), action.get("data"))
        for action in plan.xpath("//context[@name='lightline_public']/extension[@name='line']//action")
    ]
    names = [name for name, _data in actions]
    at = names.index("socket")
    assert actions[at][1] == "$${lightline_ivr} async"
    assert names[at + 1 :] == ["answer", "sleep", "playback", "callcenter", "hangup"]
    contexts = set(plan.xpath("//context/@name"))
    used = {value for root in parsed(written).values() for value in param(root, "context")}
    assert used <= contexts


def test_variables_that_are_used_are_set(written: Path) -> None:
    known = set(re.findall(r'data="(\w+)=', (written / "vars.xml").read_text()))
    given = {"sounds_dir", "local_ip_v4", "certs_dir"}  # by FreeSWITCH itself
    used = {name for path in written.rglob("*.xml") for name in re.findall(r"\$\$\{(\w+)\}", path.read_text())}
    assert used <= known | given


@pytest.mark.parametrize("evil", ['"/><load module="x', "a b", "$${password}", "a\nb", "<x>"])
def test_a_value_that_is_no_plain_word_is_refused(tmp_path: Path, evil: str) -> None:
    with pytest.raises(NotPlain):
        write(tmp_path / "fs", {**values(), "TRUNK_PASSWORD": evil})
    assert not (tmp_path / "fs").exists()


def test_the_command_prints_what_the_environment_needs_and_overwrites_nothing(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    command = ["ivr", "freeswitch-config", "--out", str(tmp_path / "fs")]
    done = runner.invoke(args=command)
    assert done.exit_code == 0, done.output
    assert "LIGHTLINE_FREESWITCH_PASSWORD=" in done.output
    assert runner.invoke(args=command).exit_code == 1
    assert freeswitch_config.name == "freeswitch-config"
