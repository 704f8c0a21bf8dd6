"""The page of the working calendar."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.calendar import WorkCalendar
from app.kernel.calendar.days import LAST_PUBLISHED_YEAR
from tests.identity.factories import make_tree, make_user, sign_in


@pytest.fixture
def operator(app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user("admin", posts=[("admin", None)]))
    return client


def test_the_published_days_are_shown_in_both_languages(operator: FlaskClient) -> None:
    page = operator.get("/control/calendar?year=2026").text
    assert "2026-02-17" in page
    assert "春节" in page
    assert "Spring Festival" in operator.get("/control/calendar?year=2026&lang=en").text


def test_a_year_not_published_says_so(operator: FlaskClient) -> None:
    page = operator.get(f"/control/calendar?lang=en&year={LAST_PUBLISHED_YEAR + 1}")
    assert "not known to the system" in page.text
    for year in ("0", "99999", "x", ""):
        assert operator.get(f"/control/calendar?year={year}").status_code == 200


def test_a_day_is_declared_and_withdrawn(operator: FlaskClient) -> None:
    form = {"date": "2026-03-07", "working": "1", "note": "抗洪抢险"}
    answer = operator.post("/control/calendar", data=form)
    assert (answer.status_code, answer.location) == (302, "/control/calendar?year=2026")
    assert WorkCalendar.load().is_working_day(date(2026, 3, 7))
    assert "抗洪抢险" in operator.get("/control/calendar?year=2026").text
    assert operator.post("/control/calendar/2026-03-07/withdraw").status_code == 302
    assert not WorkCalendar.load().is_working_day(date(2026, 3, 7))
    assert operator.post("/control/calendar/2026-03-07/withdraw").status_code == 404
    assert operator.post("/control/calendar/yesterday/withdraw").status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {"date": "2026-03-07", "working": "1", "note": " "},
        {"date": "2026-03-07", "working": "1", "note": "x" * 201},
        {"date": "07.03.2026", "working": "1", "note": "ok"},
        {"date": "0001-01-01", "working": "1", "note": "ok"},
        {},
    ],
)
def test_a_declaration_that_cannot_be_is_refused_beside_its_field(operator: FlaskClient, form: dict[str, str]) -> None:
    answer = operator.post("/control/calendar", data=form)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert not WorkCalendar.load().exceptions


def test_the_calendar_belongs_to_the_whole_organisation(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user("local", posts=[("admin", make_tree()["P-A"])]))
    form = {"date": "2026-03-07", "working": "1", "note": "ok"}
    assert client.post("/control/calendar", data=form).status_code == 403
    assert not WorkCalendar.load().exceptions
