"""Agents' phones: real pages that talk with each other over a small exchange, sound and all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.desk.queries import conversations_of
from app.telephony.config import KEY
from tests.browser.conftest import LiveServer
from tests.browser.exchange import Exchange
from tests.browser.looks import check_page
from tests.browser.phones import LEVEL, Office, hash_of, prepare
from tests.telephony.standin.running import RunningSwitch


@pytest.fixture
def office(live: LiveServer, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Office]:
    switch = RunningSwitch()
    exchange = Exchange(lambda user: hash_of(live, user))
    before = live.app.extensions[KEY]
    found = Office(live, exchange, switch, browser, browser_context_args)
    prepare(found)
    yield found
    for context in browser.contexts:
        context.close()
    exchange.close()
    switch.stop()
    live.app.extensions[KEY] = before
    assert not found.problems, found.problems


def press(page: Page, name: str) -> None:
    page.locator("#phone").get_by_role("button", name=name, exact=True).click()


def dial(page: Page, number: str, button: str = "拨打") -> None:
    page.locator("#phone-number").fill(number)
    press(page, button)


def talk(office: Office) -> tuple[Page, Page]:
    """1002 calls 1001, who answers."""
    agent, colleague = office.desk("1001"), office.desk("1002")
    dial(colleague, "1001")
    expect(agent.locator("[data-phone-now]")).to_have_text("1002")
    agent.keyboard.press("F2")
    expect(agent.locator("[data-phone-doing]")).to_have_text("通话中：")
    expect(colleague.locator("[data-phone-doing]")).to_have_text("通话中：")
    return agent, colleague


def hears(page: Page) -> list[Any]:
    """For each open talk what came in over a second: packets and energy of the sound."""
    return list(page.evaluate(LEVEL))


def test_a_queue_s_call_rings_shows_the_caller_fills_the_desk_and_ends(office: Office) -> None:
    agent, caller = office.desk("1001"), office.desk("1002")
    office.queue_call("1001", number="1002")
    dial(caller, "1001")
    shown = agent.locator("[data-phone-caller]")
    expect(shown).to_contain_text("3301005566")
    expect(shown).to_contain_text(re.compile(r"已等候 8\d 秒"))
    assert agent.title().startswith("☎")
    check_page(agent)
    agent.locator("[name=description]").focus()  # keys of the phone hold while somebody writes
    agent.keyboard.press("F2")
    expect(agent.locator("#desk-caller")).to_contain_text("3301005566")
    expect(agent.locator("#desk-caller .desk-way")).to_contain_text("已验证户号 3301005566")
    expect(agent.locator("[data-phone-doing]")).to_have_text("通话中：")
    for page in (agent, caller):
        ((packets, energy),) = hears(page)
        assert packets > 20, "sound comes"
        assert energy > 0, "and it is not silence"
    check_page(agent)
    agent.keyboard.press("F4")
    expect(agent.locator("[data-phone-now]")).to_be_empty()
    expect(caller.locator("[data-phone-now]")).to_be_empty()
    expect(agent.locator("#desk-caller")).to_contain_text("3301005566")  # the work goes on
    (talked,) = office.live.within(
        conversations_of, office.people["1001"].id, since=office.live.clock.now().replace(hour=0)
    )
    assert (talked.call_ref, talked.customer_number) == ("call-1", "3301005566")


def test_the_caller_gives_up_and_an_agent_refuses(office: Office) -> None:
    agent, caller = office.desk("1001"), office.desk("1002")
    dial(caller, "1001")
    expect(agent.locator("[data-phone-now]")).to_have_text("1002")
    press(caller, "挂机")
    expect(agent.locator("[data-phone-now]")).to_be_empty()
    dial(caller, "1001")
    expect(agent.locator("[data-phone-now]")).to_have_text("1002")
    press(agent, "挂机")
    expect(caller.locator("[data-phone-now]")).to_be_empty()
    expect(caller.locator("#toasts")).to_contain_text("没有接通")
    assert not office.live.within(
        conversations_of, office.people["1001"].id, since=office.live.clock.now().replace(hour=0)
    )


def test_the_password_is_nowhere_on_the_page_and_no_other_page_may_use_the_microphone(office: Office) -> None:
    page = office.page("1001")
    answer = page.goto("/desk/")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert f"connect-src 'self' ws://127.0.0.1:{office.exchange.port};" in policy + ";"
    assert "microphone=(self)" in answer.headers["permissions-policy"]
    assert "password" not in answer.text()
    other = page.request.get("/desk/today")
    assert "ws:" not in other.headers["content-security-policy"]
    assert "microphone=()" in other.headers["permissions-policy"]


def test_the_line_is_lost_and_comes_back_and_the_talk_survives(office: Office) -> None:
    agent, colleague = talk(office)
    office.exchange.cut()
    expect(agent.locator("#phone")).to_have_attribute("data-line", "lost")
    expect(agent.locator("[data-phone-line]")).to_have_text("线路中断，正在重新连接…")
    assert hears(agent)[0][0] > 20, "the sound does not go through the exchange"
    expect(agent.locator("#phone")).to_have_attribute("data-line", "ready", timeout=20_000)
    expect(colleague.locator("#phone")).to_have_attribute("data-line", "ready", timeout=20_000)
    press(agent, "挂机")
    expect(colleague.locator("[data-phone-now]")).to_be_empty()


def test_one_tab_has_the_phone_and_another_may_take_it_but_not_from_a_talk(office: Office) -> None:
    agent, _colleague = talk(office)
    second = agent.context.new_page()
    second.goto("/desk/")
    expect(second.locator("[data-phone-line]")).to_have_text("电话已在别处打开")
    press(second, "在此使用")
    expect(second.locator("#toasts")).to_contain_text("另一个页面正在通话")
    agent.bring_to_front()
    press(agent, "挂机")
    press(second, "在此使用")
    expect(second.locator("[data-phone-line]")).to_have_text("线路就绪")
    expect(agent.locator("[data-phone-line]")).to_have_text("电话已在别处打开")


def test_leaving_the_desk_asks_while_somebody_talks_and_sends_no_calls_there_afterwards(office: Office) -> None:
    agent, colleague = talk(office)
    agent.locator("#phone [data-phone-standing] summary").click()
    press(agent, "就绪接听")
    expect(agent.locator("[data-phone-status-word]")).to_have_text("在线")
    asked: list[str] = []
    agent.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    agent.locator("#sidebar a").first.click()
    agent.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(colleague.locator("[data-phone-doing]")).to_have_text("通话中：")
    press(agent, "挂机")
    expect(agent.locator("[data-phone-now]")).to_be_empty()
    agent.goto("/desk/today")
    for _ in range(50):
        if office.switch.switch.agents["1001@lightline"].status == "On Break":
            break
        agent.wait_for_timeout(100)
    assert office.switch.switch.agents["1001@lightline"].status == "On Break"
    agent.goto("/desk/")
    expect(agent.locator("[data-phone-status-word]")).to_have_text("在线")
    assert office.switch.switch.agents["1001@lightline"].status == "Available"


def test_a_number_on_a_page_is_dialled_by_the_phone_on_the_desk(office: Office) -> None:
    agent, colleague = office.desk("1002"), office.desk("1001")
    page = agent.context.new_page()
    page.goto("/desk/today")
    page.evaluate(
        "document.querySelector('#main').insertAdjacentHTML('afterbegin', '<a id=n href=\"tel:1001\">1001</a>')"
    )
    page.locator("#n").click()
    expect(page.locator("#toasts")).to_contain_text("工作台的电话正在拨号")
    expect(colleague.locator("[data-phone-now]")).to_have_text("1002")


def test_people_are_not_called_at_night_but_for_what_cannot_wait(office: Office) -> None:
    agent = office.desk("1001")
    office.live.clock.advance(timedelta(hours=13))
    dial(agent, "13800138000")
    expect(agent.locator("#confirm-dialog")).to_contain_text("这个时间不给客户打电话")
    agent.locator("#confirm-dialog").get_by_role("button", name="仍然拨打").click()
    expect(agent.locator("#toasts")).to_contain_text("没有接通")  # the exchange knows no such number
    assert "INVITE" in office.exchange.methods()
