"""Documents become pages that a fax machine understands; the page of faxes; a letter of `notify` as a fax."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.notify import deliveries
from app.notify.models import Delivery
from app.telephony import fax
from app.telephony.fax import pages
from app.telephony.fax.models import BUSY, FaxJob
from app.telephony.fax.sweeping import sweep
from app.telephony.outbound import faxes
from tests.billing.accounts import account, monthly, prepare_rules
from tests.identity.factories import make_unit, make_user, sign_in


def rendered(clock: FrozenClock, name: str, language: str = "zh", **inputs: Any) -> Image.Image:
    path = fax.render(name, inputs, language=language, now=clock.now())
    with Image.open(path) as page:
        page.load()
        assert page.info["compression"] == "group4"
        assert page.info["dpi"] == (204.0, 196.0)
        assert (page.mode, page.width) == ("1", 1728)
        return page.copy()


def ink(page: Image.Image) -> float:
    """Share of black."""
    return 1 - sum(page.convert("L").histogram()[128:]) / (page.width * page.height)


def test_a_bill_is_a_page(app: Flask, clock: FrozenClock) -> None:
    prepare_rules()
    one = account(clock, readings=monthly(clock.now().date().replace(month=1, day=1), 200))
    one.bill("202602", clock.now().date().replace(month=2, day=2))
    page = rendered(clock, "bill", account_no=one.number, identified=one.number)
    assert page.height == pytest.approx(2292, abs=3)
    assert 0.005 < ink(page) < 0.2
    chosen = rendered(clock, "by_choice", document="use", account_no=one.number, identified=one.number)
    assert ink(chosen) > 0.005


@pytest.mark.parametrize("document", ["progress", "tariff", "procedure", "letter"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_public_document_has_a_page_also_of_nothing(
    app: Flask, clock: FrozenClock, document: str, language: str
) -> None:
    assert ink(rendered(clock, document, language, number="1" * 99, last4="12345", text="一" * 50)) > 0.002


@pytest.mark.parametrize("identified", [None, "", "0000", "0512345679"])
@pytest.mark.parametrize("document", ["bill", "use"])
def test_what_is_personal_goes_to_its_customer_alone(
    app: Flask, clock: FrozenClock, document: str, identified: str | None
) -> None:
    for inputs in ({"account_no": "0512345678", "identified": identified}, {"account_no": "", "identified": ""}):
        with pytest.raises(fax.NotIdentified):
            fax.render(document, inputs, language="zh", now=clock.now())
        with pytest.raises(fax.NotIdentified):
            fax.render("by_choice", {**inputs, "document": document}, language="zh", now=clock.now())


def test_an_unknown_document_is_refused(app: Flask, clock: FrozenClock) -> None:
    for document, inputs in (("poster", {}), ("by_choice", {}), ("by_choice", {"document": "by_choice"})):
        with pytest.raises(fax.UnknownDocument):
            fax.render(document, inputs, language="zh", now=clock.now())


def test_a_long_letter_has_several_pages_and_an_end(app: Flask, clock: FrozenClock) -> None:
    path = fax.render("letter", {"text": "\n".join(["停电通知"] * 1500)}, language="zh", now=clock.now())
    with Image.open(path) as letter:
        assert letter.n_frames == pages.MOST_PAGES
    pictures = pages.pictures_of(path)
    assert len(pictures) == pages.MOST_PAGES
    assert Image.open(io.BytesIO(pictures[0])).size == (864, 1193)


def test_old_pages_are_swept(app: Flask, clock: FrozenClock) -> None:
    assert sweep(clock.now()) == 0
    path = fax.render("letter", {"text": "旧"}, language="zh", now=clock.now())
    assert sweep(clock.now()) == 0

    os.utime(path, (1, 1))
    assert sweep(clock.now()) == 1


def queued(clock: FrozenClock, **changes: Any) -> int:
    values: dict[str, Any] = {"number": "057112345678", "language": "zh", "key": "k1"} | changes
    return db.run(lambda: faxes.want("by_choice", {"document": "tariff"}, actor=SYSTEM, now=clock.now(), **values))


def fail(clock: FrozenClock, fax_id: int) -> None:
    """Until the line gives up."""
    for _ in range(9):
        clock.advance(timedelta(minutes=6))
        for one in db.run(lambda: faxes.claim(most=9, now=clock.now())):
            db.run(lambda one=one: faxes.ended(one.id, one.n, state=BUSY, code="17", now=clock.now()))  # type: ignore[misc]


@pytest.fixture
def agent(app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(posts=[("agent", make_unit())]))
    return client


def test_faxes_are_listed_shown_and_sent_again(agent: FlaskClient, clock: FrozenClock) -> None:
    fax_id = queued(clock)
    page = agent.get("/fax/").text
    assert "现行电价标准" in page
    assert "待发送" in page
    assert "057112345678" not in page, "numbers are masked"
    assert agent.post(f"/fax/{fax_id}/again").status_code == 409
    fail(clock, fax_id)
    shown = agent.get(f"/fax/{fax_id}").text
    assert shown.count("占线") >= 4
    assert "重新发送" in shown
    assert "data:image/png;base64," in agent.get(f"/fax/{fax_id}/pages").text
    assert agent.post(f"/fax/{fax_id}/again").status_code == 303
    session.expire_all()
    assert session.get_one(FaxJob, fax_id).state == "QUEUED"
    assert agent.get("/fax/?state=SENT").text.count("现行电价标准") == 0
    assert agent.get("/fax/4711").status_code == 404


def test_others_do_not_see_faxes(app: Flask, client: FlaskClient, clock: FrozenClock) -> None:
    fax_id = queued(clock)
    sign_in(client, make_user(posts=[("crew", make_unit())]))
    for address in ("/fax/", f"/fax/{fax_id}", f"/fax/{fax_id}/pages"):
        assert client.get(address).status_code == 403


def test_a_message_goes_out_as_a_letter(app: Flask, clock: FrozenClock) -> None:
    values = {"channel": "fax", "to": "057112345678", "subject": "停电通知", "text": "明日检修", "key": "n1"}
    sent = db.run(lambda: deliveries.send(**values, actor=SYSTEM, now=clock.now()))  # type: ignore[arg-type]
    jobs.run_due(clock.now(), 10)
    row = session.scalar(sa.select(FaxJob))
    assert row is not None
    assert (row.document, row.delivery_id, row.inputs["text"]) == ("letter", sent, "明日检修")
    for one in db.run(lambda: faxes.claim(most=9, now=clock.now())):
        db.run(lambda one=one: faxes.ended(one.id, one.n, state="SENT", pages=1, now=clock.now()))  # type: ignore[misc]
    session.expire_all()
    assert session.get_one(Delivery, sent).state == "sent"
