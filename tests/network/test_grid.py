"""The Oberrhein grid in memory."""

from __future__ import annotations

import pytest
from flask import Flask

from app.kernel import db
from app.kernel.actor import SYSTEM
from app.network import grid, listeners, on_switch
from app.network.operations import switch
from tests.network.factories import NOW, load_oberrhein

pytestmark = pytest.mark.databases


def test_the_whole_grid_is_supplied_from_two_sources(app: Flask) -> None:
    load_oberrhein()
    here = grid.current(NOW)
    transformers = list(here.codes("distribution_transformer"))
    assert len(transformers) == 147
    assert all(here.energised(code) for code in transformers)
    assert here.loops() == ()
    assert here.islands() == ()
    assert sorted(len(here.transformers_under(each.code)) for each in here.feeders) == [28, 31, 33, 55]


def test_an_open_breaker_takes_its_feeder_away_and_a_tie_brings_it_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "_listeners", [])
    load_oberrhein()
    told: list[tuple[str, str]] = []
    on_switch(lambda code, phases, _happened, _now: told.append((code, phases)))
    feeder = next(each for each in grid.current(NOW).feeders if each.code == "319-F2")
    db.run(lambda: switch(feeder.breaker, "open", reason="跳闸", actor=SYSTEM, now=NOW))
    here = grid.current(NOW)
    assert told == [(feeder.breaker, "")]
    under = here.transformers_under(feeder.breaker)
    assert len(under) == 55
    assert not any(here.energised(code) for code in under)
    assert {here.open_above(code) for code in under} == {feeder.breaker}
    assert all(here.upstream(code)[-1] == feeder.breaker for code in under)
    tie = here.ways(feeder.breaker)[0]
    db.run(lambda: switch(tie, "closed", reason="转供", actor=SYSTEM, now=NOW))
    again = grid.current(NOW)
    assert all(again.energised(code) for code in under)
    assert again.transformers_under(feeder.breaker) == ()
    assert {again.open_above(code) for code in under} == {None}
    assert here.transformers_under(feeder.breaker) == under
