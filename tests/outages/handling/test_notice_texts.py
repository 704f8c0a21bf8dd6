"""What notices say: every occasion, kind and language, with whatever fields an outage lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.registry import registry
from app.outages import notice_texts
from app.outages.models import Outage
from app.outages.notice_texts import ALWAYS, KINDS, OCCASIONS, PERHAPS, STANDING, BadTexts, compose
from app.outages.operations.notice_facts import kind_of, notice_facts
from tests.outages.handling.crowd import Crowd, Gateway, gather

ZH = {
    "area": "青山县",
    "range": "解放路公变供电范围",
    "cause": "树障",
    "start": "3月2日 09:00",
    "unit": "青山县供电公司",
}
EN = {"area": "Qingshan", "range": "supply area of T1", "cause": "Trees", "start": "2 Mar 09:00", "unit": "Qingshan"}
COMMON = {"number": "TD1", "customers": "3", "type": "X", "substation": "S", "line": "L", "transformer": "T"}
FACTS = {name: {**COMMON, **facts, "end": "11:00", "etr": "10:30"} for name, facts in (("zh", ZH), ("en", EN))}

HOLE = re.compile(
    r"[{}\[\]]|[，。、；：]{2}|（）|\(\)|[,.;:]{2}|\s[,.;:]|\s{2}|^[，,]|因停电|因，|自起|于恢复|至停电|至（|为。"
    r"|to[ ,.;]*[,.;(]|from[ ]*[,.;]|since[ ]*[,.;]|cause:[ ]*[;.]|None"
)
"""What a text with a hole looks like."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    occasion=st.sampled_from([*OCCASIONS, STANDING]),
    kind=st.sampled_from(KINDS),
    language=st.sampled_from(["zh", "en"]),
    missing=st.sets(st.sampled_from(sorted(PERHAPS))),
    absent=st.booleans(),
)
def test_no_text_has_a_hole(
    app: Flask, occasion: str, kind: str, language: str, missing: set[str], absent: bool
) -> None:
    known = FACTS[language]
    facts = {
        name: "" if name in missing else value for name, value in known.items() if not (absent and name in missing)
    }
    text = compose(occasion, kind, facts, language)
    said = text.removeprefix("【光明供电】").removeprefix("[Guangming Power] ")
    assert not HOLE.search(said), said
    assert text[-1] in "。."
    assert all(known[name] not in said or name not in missing for name in ("etr", "end", "range"))


@pytest.mark.parametrize(
    ("kind", "occasion", "zh", "en"),
    [
        ("planned", "announced", "计划", "no supply from"),
        ("temporary", "announced", "临时停电", "temporary stop"),
        ("grid_fault", "confirmed", "因树障停电", "cause: Trees"),
        ("shortage", "confirmed", "超供电能力", "at its limit"),
        ("theft", "confirmed", "窃电", "theft"),
        ("breach", "confirmed", "违约用电", "breach"),
        ("arrears", "confirmed", "欠费", "arrears"),
        ("orderly", "announced", "有序用电", "orderly use"),
        ("grid_fault", "etr", "更新为10:30", "now expected back 10:30"),
        ("arrears", "restored", "您户已于11:00恢复供电", "Your supply is back since 11:00"),
        ("planned", "cancelled", "已取消", "is cancelled"),
    ],
)
def test_each_kind_has_its_words(app: Flask, kind: str, occasion: str, zh: str, en: str) -> None:
    assert zh in compose(occasion, kind, FACTS["zh"], "zh")
    assert en in compose(occasion, kind, FACTS["en"], "en")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("预计{etr}恢复", "etr may be empty"),
        ("{wish}", "unknown wish"),
        ("停电[[，预计{etr}恢复", "etr may be empty"),
        ("停电{start", "do not close"),
        ("", "no text"),
        (None, "no text"),
    ],
)
def test_a_text_that_could_have_a_hole_is_refused(app: Flask, text: Any, wrong: str) -> None:
    shipped = yaml.safe_load((Path(notice_texts.__file__).parent / "notice_texts.yaml").read_text(encoding="utf-8"))
    shipped["progress"]["any"]["zh"] = text
    own = app.extensions["lightline.settings"].instance / "outage_notice_texts.yaml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(yaml.safe_dump(shipped, allow_unicode=True), encoding="utf-8")
    with pytest.raises(BadTexts, match=wrong):
        compose("progress", "planned", FACTS["zh"], "zh")


@pytest.mark.parametrize(
    ("nature", "cause", "kind"),
    [
        ("planned", "", "planned"),
        ("temporary", "", "temporary"),
        ("unplanned", "", "grid_fault"),
        ("unplanned", "shortage", "shortage"),
        ("arrears", "theft", "theft"),
        ("arrears", "breach", "breach"),
        ("arrears", "", "arrears"),
        ("orderly", "", "orderly"),
    ],
)
def test_an_outage_of_which_nearly_nothing_is_known_has_every_field_a_text_needs(
    crowd: Crowd, nature: str, cause: str, kind: str
) -> None:
    now = crowd.clock.now()
    bare = Outage(
        id=99,
        number="TD9",
        nature=nature,
        kind="x",
        cause=cause,
        unit_code=crowd.unit.code,
        unit_path=crowd.unit.path,
        started_at=now,
        device_code="",
        device_name="",
        feeder_name="",
        substation_code="",
        zone="",
        customers_total=0,
    )
    assert kind_of(bare) == kind
    facts = notice_facts(bare, now=now)
    for language in ("zh", "en"):
        texts: Mapping[str, str] = facts[language]
        assert not [name for name in ALWAYS - {"hotline"} if not texts[name]]
        for occasion in OCCASIONS:
            assert not HOLE.search(compose(occasion, kind, texts, language).partition("]")[2] or "")


@pytest.fixture
def crowd(app: Flask, clock: FrozenClock, gateway: Gateway) -> Crowd:
    return gather(app, clock, gateway, 2)


def test_the_line_says_the_estimate_and_the_cause_of_this_moment(crowd: Crowd) -> None:
    """Changed without a notice, passed, restored: the announcement follows; so does what a caller in it hears."""
    crowd.enter("confirmed", cause="tree", etr_at=crowd.clock.now() + timedelta(hours=1))

    def said() -> Mapping[str, Any]:
        lookup = registry.get_lookup("outages.announcements")
        return lookup.handler(now=crowd.clock.now(), actor=SYSTEM, customer_id=crowd.ids[0])

    assert "10:00" in said()["text"]
    crowd.set(etr_at=crowd.clock.now() + timedelta(hours=3), cause="wind")
    assert "12:00" in said()["text"]
    assert "10:00" not in said()["text"]
    crowd.clock.advance(timedelta(hours=4))
    assert "预计" not in said()["text"], "an estimate that has passed is no estimate"
    assert said()["etr_at"] == ""
    asked = registry.get_lookup("outages.of_customer")
    answer = asked.handler(now=crowd.clock.now(), actor=SYSTEM, customer_id=crowd.ids[0])
    assert (answer["cause"], bool(answer["cause_zh"]), answer["etr_passed"]) == ("wind", True, True)
