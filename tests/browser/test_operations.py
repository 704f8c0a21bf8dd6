"""Operators' main path in a browser: figures on a diagram, versions compared, cases moved with live progress."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.identity.factories import make_user
from tests.workorders.house import build

DRAWN = ".djs-container"
WITHOUT = (DRAWN, ".bjs-powered-by")


def _second_version(live: LiveServer) -> None:
    """An order under way, and a new version of its process in which a step is called otherwise."""
    house = live.within(build, live.clock)
    live.within(house.accept)
    newest = live.within(lambda: engine.get_definition("repair_dispatch"))
    content = live.within(lambda: engine.definition_content(newest.id))
    changed = content.replace(b'"dispatch"', b'"send_out"').replace(b">dispatch<", b">send_out<")
    changed = changed.replace(b'"dispatch_di"', b'"send_out_di"')
    live.within(lambda: db.run(lambda: deploy({newest.resource: changed}, actor=SYSTEM, now=live.clock.now())))


def _run_jobs(live: LiveServer) -> None:
    while live.within(lambda: jobs.run_due(live.clock.now(), 20)):
        pass


def test_cases_are_moved_to_a_new_version(live: LiveServer, page: Page) -> None:
    _second_version(live)
    live.sign_in(page, live.within(lambda: make_user("operator", posts=[("admin", None)])))
    page.goto("/control/definitions/bpmn/repair_dispatch/figures")
    expect(page.locator(".diagram-badge").first).to_be_visible()
    check_page(page, without=WITHOUT)
    page.goto("/control/definitions/bpmn/repair_dispatch/compare?lang=en")
    expect(page.locator(".djs-shape.is-inside").first).to_be_visible()
    check_page(page, without=WITHOUT)
    page.get_by_role("link", name="Plan a migration").click()
    page.get_by_role("button", name="Try on copies").click()
    check_page(page)
    page.get_by_label("Also move the cases").check()
    page.get_by_label("Reason").fill("new version")
    page.get_by_role("button", name="Move 1 case").click()
    page.get_by_role("button", name="Move them").click()
    expect(page.get_by_text("0 of 1 cases treated")).to_be_visible()
    _run_jobs(live)
    expect(page.get_by_text("1 of 1 cases treated")).to_be_visible()
    check_page(page)
    page.get_by_text("Move back").first.click()
    page.get_by_label("Reason").locator("visible=true").fill("wrong one")
    page.get_by_role("button", name="Move back").click()
    expect(page.get_by_text("The case is back")).to_be_visible()
