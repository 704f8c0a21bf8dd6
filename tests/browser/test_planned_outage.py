"""A planned outage in a browser, from the request to the archive, with the clock advanced; who was told is counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from app.customers.models import Customer
from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.network import grid
from app.outages.models import Outage, OutageInterruption, OutageStep
from app.outages.operations import trouble
from app.outages.operations.trouble import Trouble
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.browser.test_repair_journey import FORM_JS, Journey
from tests.identity.factories import make_user
from tests.outages.handling.conftest import FOLDERS
from tests.outages.handling.grid_town import Place, settle
from tests.outages.handling.test_planned import told
from tests.workorders.house import definitions

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class PlannedWay(Journey):
    """Everybody whom a plan meets, and what the database says of it meanwhile."""

    place: Place
    important: int
    number = ""

    def __init__(self, live: LiveServer, page: Page) -> None:
        super().__init__(live, page)
        self.place = live.within(self._settled)

    def _settled(self) -> Place:
        for post in ("outage_planner", "grid_planner"):
            self.house.people[post] = make_user(f"{post}1", posts=[(post, self.house.units["GM-LJ-QS"])])
        db.run(lambda: deploy(definitions(*FOLDERS), actor=SYSTEM, now=self.house.now))
        place = settle(self.house, each=3)
        self.important = place.ids[-1]
        db.run(
            lambda: session.execute(sa.update(Customer).values(importance="second").where(Customer.id == place.ids[-1]))
        )
        return place

    def until(self, instant: datetime) -> None:
        """The clock jumps; what is due is done, also what follows from it."""
        self.pass_time(instant - self.live.clock.now())
        self.live.within(self.house.settle)

    def task(self, step: str) -> None:
        """Open the plan's task, and find the plan beside the form."""
        self.open_task(self.number, step)
        expect(self.page.locator("main")).to_contain_text(self.number)

    def times(self, *instants: datetime) -> None:
        """The form's dates and times, in their order."""
        for field, instant in zip(self.page.locator(".fjs-form-field-datetime").all(), instants, strict=True):
            local = instant.astimezone(LOCAL)
            day, time = field.locator("input.flatpickr-input").first, field.locator("input").last
            day.click()
            day.fill(local.strftime("%Y-%m-%d"))
            day.press("Enter")
            time.click()
            time.fill(local.strftime("%H:%M"))
            time.press("Tab")

    def reason(self, label: str, words: str) -> None:
        self.page.locator(".fjs-form-field-textarea", has_text=label).locator("textarea").fill(words)

    def part(self, transformer: str) -> Locator:
        """A transformer that may be given back, in the form's list."""
        name = self.live.within(lambda: grid.current(self.house.now).info(transformer).name)
        label = f"{name}（{len(self.below(transformer))} 户）"
        return self.page.locator(".fjs-form-field-checklist").get_by_label(label, exact=True)

    def look(self) -> Locator:
        """The plan on the outage's page."""
        self.page.goto(f"/outages/{self.number}")
        check_page(self.page)
        return self.page.locator("#plan")

    def told(self, occasion: str) -> set[int]:
        return self.live.within(told, self.number, occasion)

    def status(self) -> str:
        query = sa.select(Outage.status).where(Outage.number == self.number)
        return str(self.live.within(lambda: session.scalars(query).one()))

    def below(self, transformer: str) -> set[int]:
        return {int(one) for one in self.live.within(lambda: grid.current(self.house.now).customer_ids(transformer))}

    def minutes(self) -> tuple[float, float]:
        """Customer-minutes by the steps, and by the interruptions that indices count."""

        def both() -> tuple[float, float]:
            of = session.scalars(sa.select(Outage.id).where(Outage.number == self.number)).one()
            steps = sa.select(sa.func.sum(OutageStep.customer_minutes)).where(OutageStep.outage_id == of)
            rows = session.scalars(sa.select(OutageInterruption).where(OutageInterruption.outage_id == of)).all()
            return float(session.scalar(steps) or 0), sum((row.minutes or 0) * row.customers for row in rows)

        return self.live.within(both)


@pytest.fixture
def way(live: LiveServer, page: Page) -> PlannedWay:
    return PlannedWay(live, page)


def test_a_planned_outage_from_the_request_to_the_archive(way: PlannedWay) -> None:
    begins = (way.live.clock.now() + 10 * DAY).astimezone(LOCAL).replace(hour=9, minute=0, second=0, microsecond=0)
    asked_for(way, begins - DAY)
    sent_back_and_approved(way, begins)
    everybody = set(way.place.ids)
    assert way.told("announced") == everybody
    expect(way.look()).to_contain_text("已公告")

    way.until(begins - DAY + MINUTE)
    assert way.told("reminder") == everybody
    first = way.place.transformers[0]
    switched_off(way, begins)
    caller = way.important
    way.live.within(calls, way, caller)
    way.until(begins + HOUR)
    restored_in_part(way, first)
    until = begins + 5 * HOUR
    extended(way, until)
    assert way.told("extended") == everybody - way.below(first)
    asks_as_a_customer(way, caller)

    way.until(begins + 150 * MINUTE)
    restored(way)
    assert way.told("restored") == everybody
    by_hand = 60 * len(way.below(first)) + 150 * (len(everybody) - len(way.below(first)))
    assert way.minutes() == pytest.approx((by_hand, by_hand), abs=2 * len(everybody))
    verified(way)
    assert way.status() == "closed"
    steps, counted = way.minutes()
    assert steps == pytest.approx(counted)


def asked_for(way: PlannedWay, begins: datetime) -> None:
    """The planner types, looks for the switch without losing it, sees what it would do, and asks."""
    page = way.page
    way.become("outage_planner")
    page.goto("/outages/plans")
    page.get_by_role("link", name="申请停电").click()
    form = page.locator("#plan-form")
    form.locator("[name=reason]").fill("更换柱上开关")
    form.locator("[name=begins_at]").fill(begins.strftime("%Y-%m-%dT%H:%M"))
    form.locator("[name=ends_at]").fill((begins + 4 * HOUR).strftime("%Y-%m-%dT%H:%M"))
    form.locator("[name=search]").fill(way.place.switch)
    form.get_by_role("button", name="查找").click()
    expect(form.locator("[name=reason]")).to_have_value("更换柱上开关")
    form.locator(f"[name=devices][value='{way.place.switch}']").check()
    form.locator("[name=look]").click()
    expect(page.locator("#judgement")).to_contain_text("无冲突")
    expect(page.locator("#judgement")).to_contain_text("重要客户")
    check_page(page)
    page.locator("#judgement button").click()
    expect(page).to_have_url(re.compile(r"/outages/TD"))
    way.number = page.url.rsplit("/", 1)[1]
    expect(way.look()).to_contain_text("下一步：审查停电计划")


def sent_back_and_approved(way: PlannedWay, begins: datetime) -> None:
    """The grid's planner returns it for a day, the planner moves it, then it passes and the head approves."""
    way.become("grid_planner")
    way.task("审查停电计划")
    check_page(way.page, without=FORM_JS)
    way.tick("结论", "退回修改")
    way.reason("意见", "改到次日")
    way.send()
    way.become("outage_planner")
    way.task("修改停电计划")
    expect(way.page.locator("main")).to_contain_text("改到次日")
    expect(way.page.locator(".fjs-form-field-datetime input.flatpickr-input").first).not_to_have_value("")
    way.tick("处理", "修改后再提交")
    way.times(begins, begins + 4 * HOUR)
    way.send()
    way.become("grid_planner")
    way.task("审查停电计划")
    way.tick("结论", "通过")
    way.send()
    way.become("head")
    way.task("审批停电计划")
    way.tick("结论", "批准")
    way.send()
    way.live.within(way.house.settle)
    assert way.status() == "noticed"


def switched_off(way: PlannedWay, begins: datetime) -> None:
    """Not before the time that customers know; then supply is off, and the grid says so."""
    way.until(begins - 25 * MINUTE)
    way.become("dispatcher")
    way.task("执行停电操作")
    way.tick("处理", "已停电")
    way.button.click()
    expect(way.page.locator("main")).to_contain_text("不能提前停电")
    assert way.status() == "noticed"
    way.until(begins)
    way.become("dispatcher")
    way.task("执行停电操作")
    way.tick("处理", "已停电")
    way.send()
    assert way.status() == "switching"
    assert not way.live.within(lambda: grid.current(way.house.now).energised(way.place.transformers[0]))


def calls(way: PlannedWay, customer: int) -> None:
    report = Trouble(source="web", key="asks", customer_id=customer)
    placed = db.run(lambda: trouble.report(report, actor=SYSTEM, now=way.house.now))
    assert placed.outage_number == way.number, "known: under the planned outage"


def restored_in_part(way: PlannedWay, transformer: str) -> None:
    way.become("dispatcher")
    way.task("送电或延期")
    way.tick("处理", "分步送电")
    way.part(transformer).check()
    way.send()
    assert way.status() == "partially_restored"
    way.task("送电或延期")
    way.tick("处理", "分步送电")
    expect(way.page.locator(".fjs-form-field-checklist input").first).to_be_visible()
    expect(way.part(transformer)).to_have_count(0)


def extended(way: PlannedWay, until: datetime) -> None:
    way.become("dispatcher")
    way.task("送电或延期")
    way.tick("处理", "延期送电")
    way.times(until)
    way.reason("延期原因", "电缆头返工")
    way.send()
    way.live.within(way.house.settle)
    expect(way.look()).to_contain_text("延期1次")


def asks_as_a_customer(way: PlannedWay, customer: int) -> None:
    """Without signing in: the answer is for the place, with the later end."""
    way.page.goto("about:blank")
    way.page.context.clear_cookies()
    way.page.goto("/outages/public?lang=zh")
    account = way.live.within(account_of, customer)
    way.page.locator("[name=q]").fill(account)
    way.page.locator("form button").first.click()
    answer = way.page.locator("section[aria-live]")
    expect(answer).to_contain_text("停电中")
    expect(answer).to_contain_text("14:00")
    check_page(way.page)


def account_of(customer: int) -> str:
    return str(session.get_one(Customer, customer).number)


def restored(way: PlannedWay) -> None:
    way.become("dispatcher")
    way.task("送电或延期")
    way.tick("处理", "全部送电")
    way.send()
    way.live.within(way.house.settle)
    assert way.live.within(lambda: grid.current(way.house.now).energised(way.place.transformers[0]))


def verified(way: PlannedWay) -> None:
    """The important customer is asked whether supply is back; with the answer the outage is over."""
    way.become("callback")
    way.task("送电核实回访")
    way.page.get_by_role("link", name="逐户回访").click()
    check_page(way.page)
    rows: Sequence[Locator] = way.page.locator("[data-asked]").all()
    assert rows
    for _row in rows:
        way.page.locator("[data-asked] button[value=restored]").first.click()
        expect(way.page.get_by_text("已登记").first).to_be_visible()
    way.live.within(way.house.settle)
    expect(way.look()).to_contain_text("更换柱上开关")
