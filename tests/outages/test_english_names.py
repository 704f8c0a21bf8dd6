"""English readers meet English names of devices and feeders: kept with the outage, in sentences, notices, pictures."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.i18n import in_locale
from app.notify.models import Notice
from app.outages.operations.notice_facts import notice_facts
from app.outages.operations.process import titles
from app.outages.operations.warning import warn
from app.outages.queries.board import Filters, rows
from app.outages.queries.view import view_of
from tests.identity.factories import sign_in
from tests.outages.board_house import tables
from tests.outages.world import World, active
from tests.workorders.house import House


@pytest.fixture
def twins(world: World, house: House) -> World:
    """The town's first transformer has an English twin that begins as its feeder's does."""
    db.run(lambda: deploy(tables(), actor=SYSTEM, now=house.now))
    topology = world.grid.topology
    topology.english[topology.places["T1"]] = "Line CB1 transformer 01"
    topology.english[topology.places["T2"]] = "Elm Street transformer"
    return world


def test_names_are_kept_in_both_languages_and_found_by_both(twins: World, house: House, client: FlaskClient) -> None:
    for customer in range(2):
        twins.call("T1", customer=customer, now=house.now)
    (outage,) = active()
    assert (outage.device_name, outage.device_name_en) == ("T1台区", "Line CB1 transformer 01")
    assert (outage.feeder_name, outage.feeder_name_en) == ("CB1线", "Line CB1")
    assert titles(outage) == (f"停电 {outage.number} T1台区", f"Outage {outage.number} Line CB1 transformer 01")
    for text in ("t1台区", "transformer 01", "line cb1"):
        assert [row.number for row in rows(Filters(text=text), paths=["/"], now=house.now)] == [outage.number]
    session.rollback()
    sign_in(client, house.people["dispatcher"])
    for address in ("/outages", f"/outages/{outage.number}", f"/outages/{outage.number}/panel"):
        english, chinese = client.get(f"{address}?lang=en").text, client.get(f"{address}?lang=zh").text
        assert "Line CB1 transformer 01" in english, address
        assert "T1台区" not in english, address
        assert "T1台区" in chinese, address
        assert "transformer 01" not in chinese, address
    points = client.get("/outages/board.json?lang=en").json
    assert points is not None
    assert [row[0] for row in points["rows"]] == [outage.id]


def test_sentences_and_notices_speak_the_readers_language(twins: World, house: House) -> None:
    for customer in range(2):
        twins.call("T1", customer=customer, now=house.now)
    (outage,) = active()
    facts = notice_facts(outage, now=house.now)
    assert (facts["en"]["line"], facts["zh"]["line"]) == ("Line CB1", "CB1线")
    assert facts["en"]["transformer"] == "Line CB1 transformer 01"
    assert facts["zh"]["transformer"] == "T1台区"
    assert facts["en"]["substation"] == "East"
    assert "Line CB1 transformer 01" in facts["en"]["range"]


def test_a_warning_names_the_device_in_the_language_of_whoever_reads_it(twins: World, house: House) -> None:
    for customer in range(2):
        twins.call("T1", customer=customer, now=house.now)
    (outage,) = active()
    number = outage.number
    db.run(lambda: warn(active()[0], "confirm", "dispatcher", key="1", actor=SYSTEM, now=house.now))
    told = session.scalars(sa.select(Notice)).all()
    assert told
    assert {number in each.text and "T1台区" in each.text for each in told} == {True}
    assert {"Line CB1 transformer 01" in each.text_en for each in told} == {True}


def test_a_name_without_a_twin_stays_as_it_is(twins: World, house: House) -> None:
    for customer in range(2):
        twins.call("T5", customer=customer, now=house.now)
    (outage,) = active()
    with in_locale("en"):
        assert view_of(outage).device == "T5台区"
        assert view_of(outage).feeder == "Line CB1"
        assert twins.grid.called("nothing such") == "nothing such"
