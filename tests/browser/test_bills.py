"""A bill in a browser: found from the arrears, explained line by line, corrected, readable on a phone."""

from __future__ import annotations

from datetime import date, datetime

from playwright.sync_api import Page, expect

from app.kernel.clock import LOCAL, FrozenClock
from tests.billing.accounts import Account, account, monthly, prepare_rules
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.identity.factories import make_unit, make_user

ISSUED = datetime(2026, 2, 2, 10, tzinfo=LOCAL)
"""Twenty days before the bill is due, and some weeks before the server's today."""


def billed() -> tuple[Account, str]:
    """A resident who used 3,000 kWh in January and has not paid."""
    prepare_rules()
    unit = make_unit("U")
    customer = account(FrozenClock(ISSUED), readings=monthly(date(2026, 1, 1), 3000), unit_path=unit.path)
    return customer, customer.bill("202602")


def test_a_bill_is_explained_and_corrected(live: LiveServer, page: Page) -> None:
    customer, number = live.within(billed)
    clerk = live.within(lambda: make_user(posts=[("billing", None)]))
    live.sign_in(page, clerk)
    page.goto("/arrears")
    expect(page.get_by_text(customer.number)).to_be_visible()
    check_page(page)
    page.goto(f"/bills/{number}")
    expect(page.locator(".bill-sum")).to_contain_text("1,506.00")
    tier = page.locator(".bill-lines tr", has_text="第2档加价")
    tier.locator("summary").click()
    expect(tier).to_contain_text("其中 120 千瓦时超过 2,880 千瓦时")
    check_page(page)
    page.locator("#correct > summary").click()
    page.get_by_label("退补电量").fill("-200")
    page.get_by_role("button", name="重新计算").click()
    expect(page.locator("#again .bill-sum")).to_contain_text("-106.00")
    page.locator("#again").get_by_label("理由").fill("估抄偏高")
    page.get_by_role("button", name="开具冲销单和新账单").click()
    expect(page.locator(".bill-amount")).to_contain_text("1,400.00")
    expect(page.get_by_text("更正记录")).to_be_visible()
