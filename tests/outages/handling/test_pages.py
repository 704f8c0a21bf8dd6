"""Pages of handling: the outage's pieces and forms, planned outages, storm mode, what the public sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.kernel import db
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.outages.models import Outage, OutageVerification
from app.outages.operations import confirming, restoring
from tests.identity.factories import sign_in
from tests.outages.handling.grid_town import settle
from tests.outages.handling.test_unplanned import fresh, located, reach_everybody
from tests.outages.world import World
from tests.workorders.house import House

HOUR = timedelta(hours=1)
HANDLING = {
    "zh": ("恢复步骤", "预计恢复时间", "停电信息", "恢复供电"),
    "en": ("Steps of restoration", "Estimated restoration", "Outage notices", "Restore supply"),
}

Enter = Callable[[str], FlaskClient]


@pytest.fixture
def enter(client: FlaskClient, house: House) -> Enter:
    """Sign somebody of the house in."""

    def signed(post: str) -> FlaskClient:
        sign_in(client, house.people[post])
        return client

    return signed


def confirmed(world: World, house: House) -> Outage:
    reach_everybody(world)
    outage = located(world, house)
    house.do(confirming.confirm, outage.number, cause="tree")
    house.settle()
    return fresh(outage)


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_outages_page_shows_its_handling(world: World, house: House, enter: Enter, language: str) -> None:
    outage = confirmed(world, house)
    client = enter("dispatcher")
    shown = text(client, f"/outages/{outage.number}?lang={language}")
    for words in HANDLING[language]:
        assert words in shown
    assert client.post(f"/outages/{outage.number}/handling/restore", data={"part": "1"}).status_code == 422
    done = client.post(f"/outages/{outage.number}/handling/restore", data={"part": "", "note": "合闸"})
    assert done.status_code == 302
    assert fresh(outage).status in {"restored", "verifying"}


def test_an_estimate_and_a_notice_by_hand(world: World, house: House, enter: Enter) -> None:
    outage = confirmed(world, house)
    client = enter("dispatcher")
    assert client.post(f"/outages/{outage.number}/handling/etr", data={"etr": ""}).status_code == 422
    later = (house.now + 3 * HOUR).astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M")
    assert client.post(f"/outages/{outage.number}/handling/etr", data={"etr": later}).status_code == 302
    assert fresh(outage).etr_source == "dispatcher"
    words = {"occasion": "etr", "words": "预计晚上恢复", "words_en": "Back tonight"}
    assert client.post(f"/outages/{outage.number}/handling/notice", data=words).status_code == 302
    house.settle()
    shown = text(client, f"/outages/{outage.number}/told?lang=zh")
    assert "用户T1-0" in shown
    assert "预计晚上恢复" in text(client, f"/outages/{outage.number}?lang=zh")


def test_callback_agents_note_answers(world: World, house: House, enter: Enter) -> None:
    outage = confirmed(world, house)
    house.do(restoring.restore, outage.number)
    client = enter("callback")
    first = session.scalars(sa.select(OutageVerification)).first()
    assert first is not None
    path = f"/outages/{outage.number}/verify/{first.id}"
    assert client.post(path, data={"said": "still_out", "note": "无电"}).status_code == 302
    assert client.post(path, data={"said": "restored"}).status_code == 409
    assert "仍未来电" in text(client, f"/outages/{outage.number}?lang=zh")


def test_a_planner_sees_effects_before_asking(house: House, enter: Enter) -> None:
    place = settle(house)
    client = enter("outage_planner")
    assert place.switch in text(client, f"/outages/plans/new?search={place.switch}")
    begins = house.now + timedelta(days=9)
    data = {
        "devices": place.switch,
        "begins_at": begins.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (begins + HOUR).strftime("%Y-%m-%dT%H:%M"),
        "nature": "planned",
        "work": "defect",
        "reason": "更换刀闸",
    }
    query = "&".join(f"{name}={value}" for name, value in data.items())
    assert "无冲突" in text(client, f"/outages/plans/new?look=1&lang=zh&{query}")
    assert client.post("/outages/plans/new", data={**data, "ends_at": ""}).status_code == 422
    asked = client.post("/outages/plans/new", data=data)
    assert asked.status_code == 302
    assert "更换刀闸" in text(client, "/outages/plans?lang=zh")
    number = asked.location.rsplit("/", 1)[1]
    assert "停电计划" in text(client, f"/outages/{number}?lang=zh")
    house.complete(number, "review", "grid_planner", review_action="pass")
    reviewer = house.people["grid_planner"].name
    assert f"{reviewer} · " in text(client, f"/outages/{number}?lang=zh"), "who reviewed it, by name"
    assert client.post(f"/outages/{number}/handling/call-off", data={"reason": ""}).status_code == 422
    assert client.post(f"/outages/{number}/handling/call-off", data={"reason": "改带电作业"}).status_code == 302
    session.expire_all()
    assert session.scalars(sa.select(Outage.status)).one() == "cancelled"


def test_the_public_learns_no_names(world: World, house: House, client: FlaskClient) -> None:
    outage = confirmed(world, house)
    shown = text(client, "/outages/public?lang=zh")
    assert "T1台区" in shown
    assert "用户T1" not in shown
    answers = {"33T1-0": "停电中", "33T9-0": "未见停电", "青山县T1路1号": "停电中", "没有这个地方": "未找到"}
    for asked, words in answers.items():
        answer = client.post("/outages/public", data={"q": asked, "lang": "zh"}).get_data(as_text=True)
        assert words in answer, asked
        assert "用户T" not in answer
    found = client.get("/outages/public.json").get_json()
    assert [one["number"] for one in found["outages"]] == [outage.number]
    assert "用户" not in str(found)
    assert client.get("/outages/public.json?area=nowhere").status_code == 404


def test_storm_mode_begins_and_ends_by_hand(world: World, house: House, enter: Enter) -> None:
    outage = confirmed(world, house)
    client = enter("supervisor")
    assert client.post("/outages/storms", data={"unit": "GM-LJ-QS", "name": ""}).status_code == 422
    begun = client.post("/outages/storms", data={"unit": "GM-LJ-QS", "name": "台风海葵"})
    assert begun.status_code == 302
    assert fresh(outage).storm_id is not None
    etr = (house.now + 9 * HOUR).astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M")
    assert client.post(f"{begun.location}/etr", data={"unit": "GM-LJ-QS", "etr": etr}).status_code == 302
    assert fresh(outage).etr_source == "mass"
    assert "台风海葵" in text(client, f"{begun.location}?lang=zh")
    assert client.post(f"{begun.location}/end", data={"note": "完"}).status_code == 302
    assert "小结" in text(client, f"{begun.location}?lang=zh")
    assert "台风海葵" in text(client, "/outages/storms?lang=en")


def test_who_may_not(world: World, house: House, enter: Enter) -> None:
    outage = confirmed(world, house)
    client = enter("crew")
    assert client.get("/outages/plans/new").status_code == 403
    assert client.post(f"/outages/{outage.number}/handling/restore", data={"part": ""}).status_code == 403
    assert client.post("/outages/storms", data={"unit": "GM-LJ-QS", "name": "x"}).status_code == 403
    assert db.session.get(Outage, outage.id) is not None
