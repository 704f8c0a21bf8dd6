"""Indices on pages, in Excel and on paper: in both languages, for those who may, within their units."""

from __future__ import annotations

from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import load_workbook

from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.web import pdf
from tests.identity.factories import make_user, sign_in
from tests.outages.indices.history import History
from tests.outages.indices.test_report import february, history
from tests.workorders.house import House

__all__ = ["february", "history"]

MONTH = "since=2026-02-01&until=2026-02-28"


@pytest.fixture
def reader(house: House, february: History, client: FlaskClient) -> FlaskClient:
    """Somebody of the province's statistics, looking."""
    sign_in(client, make_user("reliability1", posts=[("reliability", house.units["GM"])], name="可靠性甲"))
    return client


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("basis", ["households", "dlt836"])
def test_the_page_opens_in_every_way(reader: FlaskClient, language: str, basis: str) -> None:
    for by in ("unit", "feeder", "month", "quarter", "year", "day", "cause", "nature"):
        answer = reader.get(f"/outages/indices?{MONTH}&basis={basis}&by={by}&major=without&n=2&more=1&lang={language}")
        assert answer.status_code == 200, by
    page = reader.get(f"/outages/indices?{MONTH}&basis={basis}&lang={language}").text
    assert ("76.92" if basis == "households" else "1.267") in page  # 3,000 / 39 minutes; 988 / 60 / 13 hours
    assert ("供电可靠性指标" if language == "zh" else "Indices of reliability") in page


def test_each_figure_leads_to_its_list(reader: FlaskClient) -> None:
    page = reader.get(f"/outages/indices?{MONTH}&by=cause").text
    assert "/outages/indices/why?index=saidi" in page
    behind = reader.get(f"/outages/indices/why?index=saidi&{MONTH}&cause=ageing").text
    assert "2,130.00 / 39.00" in behind
    assert "TD00000001" in behind
    assert "TD00000003" not in behind
    unstated = reader.get(f"/outages/indices/why?index=saidi&{MONTH}&cause=-").text
    assert "690.00 / 39.00" in unstated


def test_a_period_that_is_none_is_refused(reader: FlaskClient) -> None:
    for period in ("since=2026-03-01&until=2026-02-01", "since=1990-01-01", "since=2001-01-01&until=2026-01-01"):
        assert reader.get(f"/outages/indices?{period}").status_code == 422, period
    for odd in ("since=x&until=y", "n=99999", "by=%00", "basis=<script>", "unit=NONE", "feeder=" + "x" * 500, "page=0"):
        assert reader.get(f"/outages/indices?{odd}").status_code == 200, odd
        assert reader.get(f"/outages/indices/why?{odd}").status_code == 200, odd


def test_the_excel_file_holds_the_same_figures(reader: FlaskClient) -> None:
    answer = reader.get(f"/outages/indices.xlsx?{MONTH}&by=feeder&lang=en")
    assert answer.status_code == 200
    book = load_workbook(BytesIO(answer.data))
    lines, behind, basis = (book[name] for name in book.sheetnames)
    heads = [cell.value for cell in lines[1]]
    together = dict(zip(heads, [cell.value for cell in lines[2]], strict=True))
    assert together["SAIDI (min)"] == pytest.approx(3000 / 39)
    assert together["ΣNᵢ"] == 39
    assert [row[0].value for row in lines.iter_rows(min_row=4)] == ["Line CB1", "Line CB2"]
    column = [cell.value for cell in behind[1]].index("rᵢ·Nᵢ")
    total = sum(row[column].value for row in behind.iter_rows(min_row=2) if not row[column + 1].value)
    assert total == pytest.approx(3000), "the rows that are not short make the sum"
    assert any("IEEE Std 1366" in str(row[1].value) for row in basis.iter_rows())


def test_the_paper_is_a_pdf_with_the_figures(reader: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    draw = pdf.from_html
    monkeypatch.setattr(pdf, "from_html", lambda html: (kept.append(html), draw(html))[1])
    answer = reader.get(f"/outages/indices.pdf?{MONTH}&by=unit")
    assert answer.data.startswith(b"%PDF")
    assert "76.92" in kept[0]
    taken = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "outage.indices")).one()
    assert (taken.subject_id, taken.details["format"]) == ("GM", "pdf")


def test_only_for_those_who_may_and_in_their_units(house: House, february: History, client: FlaskClient) -> None:
    sign_in(client, house.people["agent"])
    for path in ("", "/why", ".xlsx", ".pdf"):
        assert client.get(f"/outages/indices{path}").status_code == 403
    sign_in(client, make_user("planner9", posts=[("outage_planner", house.units["GM-LJ-BH"])]))
    page = client.get(f"/outages/indices?{MONTH}&unit=GM").text
    assert "滨湖供电公司" in page
    assert "76.92" not in page
    assert "TD00000001" not in client.get(f"/outages/indices/why?{MONTH}&unit=GM").text
