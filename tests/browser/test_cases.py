"""An operator's page of a case, in a browser: readable on desk and phone, in both languages, and of use."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from app.engine import api as engine
from app.kernel import db
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.identity.factories import make_user
from tests.workorders.house import House, build

DIAGRAM = ".djs-container"


def _begin(live: LiveServer) -> tuple[House, str]:
    """A house with one order, and the id of its case."""
    house = live.within(build, live.clock)
    live.within(house.accept)
    [case] = live.within(lambda: engine.list_instances(process_key="repair_dispatch"))
    live.within(db.session.remove)
    return house, case.id


def test_a_case_is_looked_at_and_suspended(live: LiveServer, page: Page) -> None:
    house, case = _begin(live)
    operator = live.within(lambda: make_user("operator", posts=[("admin", house.units["GM"])]))
    live.sign_in(page, operator)
    page.goto("/control/instances")
    check_page(page)
    page.goto(f"/control/instances/{case}")
    expect(page.locator(DIAGRAM).first).to_be_visible()
    check_page(page, without=(DIAGRAM, ".bjs-powered-by"))
    page.goto(f"/control/instances/{case}?lang=en")
    check_page(page, without=(DIAGRAM, ".bjs-powered-by"))
    page.get_by_text("Suspend the case").first.click()
    page.get_by_label("Reason").locator("visible=true").fill("drill")
    page.get_by_role("button", name="Suspend the case").click()
    expect(page.get_by_text("drill")).to_be_visible()
    assert live.within(engine.get_instance, case).status == "suspended"
