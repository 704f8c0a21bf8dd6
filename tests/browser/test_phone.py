"""Agents' phones: real pages that talk with each other over a small exchange, sound and all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.desk.queries import conversations_of
from app.kernel import live as live_topics
from app.kernel.actor import SYSTEM
from app.kernel.db import db
from app.kernel.db import run as transaction
from app.telephony.agents import operations
from app.telephony.calls.models import QueueVisit
from app.telephony.calls.operations import queueing
from app.telephony.config import KEY
from tests.browser.conftest import LiveServer
from tests.browser.exchange import Exchange
from tests.browser.looks import check_page
from tests.browser.phones import LEVEL, Office, hash_of, prepare
from tests.conftest import START
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


def silent(page: Page) -> bool:
    return bool(max(energy for _packets, energy in hears(page)) < 1e-6)


def test_hold_mute_and_keys(office: Office) -> None:
    agent, colleague = talk(office)
    press(agent, "静音")
    expect(agent.locator("[data-phone-act=mute]")).to_have_text("取消静音")
    agent.wait_for_timeout(1000)
    assert silent(colleague)
    press(agent, "取消静音")
    agent.wait_for_timeout(500)
    assert not silent(colleague)
    agent.keyboard.press("F8")
    expect(agent.locator("[data-phone-doing]")).to_have_text("保持中：")
    agent.wait_for_timeout(1000)
    assert silent(colleague)
    assert agent.evaluate("window.heard[0].signalingState") == "stable"
    check_page(agent)
    agent.keyboard.press("F8")
    expect(agent.locator("[data-phone-doing]")).to_have_text("通话中：")
    agent.locator("#phone summary").filter(has_text="按键").click()
    agent.locator("[data-phone-key='5']").click()
    assert agent.evaluate("window.tones") == ["5"]


def test_a_caller_is_handed_over_without_a_word_and_stays_where_it_fails(office: Office) -> None:
    agent, colleague = talk(office)
    office.exchange.refer_fails = True
    dial(agent, "1003", "直接转接")
    expect(agent.locator("#toasts")).to_contain_text("转接失败，来电者仍在线上。")
    expect(agent.locator("[data-phone-doing]")).to_have_text("通话中：")
    office.exchange.refer_fails = False
    dial(agent, "1003", "直接转接")
    expect(agent.locator("[data-phone-now]")).to_be_empty()
    expect(colleague.locator("[data-phone-now]")).to_be_empty()
    assert [to for _who, to in office.exchange.refers] == ["<sip:1003@lightline>"] * 2


def test_a_colleague_is_asked_first_and_takes_over(office: Office) -> None:
    agent, caller = talk(office)
    third = office.desk("1003")
    dial(agent, "1003", "先咨询")
    expect(third.locator("[data-phone-now]")).to_have_text("1001")
    expect(agent.locator("[data-phone-first]")).to_have_text("1002 保持等候")
    press(third, "应答")
    expect(agent.locator("[data-phone-doing]")).to_have_text("通话中：")
    expect(agent.locator("[data-phone-now]")).to_have_text("1003")
    agent.wait_for_timeout(500)
    assert silent(caller), "the caller hears nothing of it"
    check_page(agent)
    press(agent, "转给对方")
    for page in (agent, caller, third):
        expect(page.locator("[data-phone-now]")).to_be_empty()
    ((_who, to),) = office.exchange.refers
    assert to.startswith("<sip:1003@lightline?Replaces=")


def test_the_colleague_is_not_there_and_the_caller_is_taken_up_again(office: Office) -> None:
    agent, caller = talk(office)
    dial(agent, "1003", "先咨询")  # whose desk is closed
    expect(agent.locator("#toasts")).to_contain_text("没有接通")
    expect(agent.locator("[data-phone-doing]")).to_have_text("通话中：")
    expect(agent.locator("[data-phone-now]")).to_have_text("1002")
    agent.wait_for_timeout(500)
    assert not silent(caller)


def test_three_hear_each_other_and_are_apart_again(office: Office) -> None:
    agent, caller = talk(office)
    third = office.desk("1003")
    dial(agent, "1003", "先咨询")
    expect(third.locator("[data-phone-now]")).to_have_text("1001")
    press(third, "应答")
    expect(agent.locator("[data-phone-act=join]")).to_be_visible()
    press(agent, "三方通话")
    expect(agent.locator("[data-phone-doing]")).to_have_text("三方通话中：")
    press(agent, "静音")
    agent.wait_for_timeout(1500)
    assert not silent(caller), "they hear each other while we are mute"
    assert not silent(third)
    press(third, "静音")
    caller.wait_for_timeout(1500)
    assert silent(caller), "and nobody else"
    press(third, "取消静音")
    press(agent, "退出三方")
    expect(agent.locator("[data-phone-doing]")).to_have_text("通话中：")
    agent.wait_for_timeout(1500)
    assert silent(caller), "on hold"
    assert not silent(third)
    press(third, "挂机")
    expect(agent.locator("[data-phone-now]")).to_have_text("1002")
    agent.wait_for_timeout(800)
    assert not silent(caller)


def test_an_agent_is_ready_on_a_break_and_works_after_a_call(office: Office) -> None:
    agent = office.desk("1001")
    word = agent.locator("[data-phone-status-word]")

    def choose(name: str) -> None:
        agent.locator("#phone [data-phone-standing] summary").click()
        press(agent, name)

    expect(word).to_have_text("未在班")
    choose("就绪接听")
    expect(word).to_have_text("在线")
    choose("用餐")
    expect(word).to_have_text("用餐")
    assert office.switch.switch.agents["1001@lightline"].status == "On Break"
    choose("就绪接听")
    expect(word).to_have_text("在线")
    clock = office.live.clock
    for state in ("In a queue call", "Waiting"):
        office.live.within(
            transaction, lambda state=state: queueing.note_agent("1001", "state", state, now=clock.now())
        )
    expect(word).to_have_text("话后处理")
    expect(agent.locator("[data-phone-status-time]")).to_have_text(re.compile(r"0:1\d"))
    office.switch.stop()
    choose("用餐")
    expect(agent.locator("#toasts")).to_contain_text("电话交换机没有应答")
    expect(word).to_have_text("话后处理")


def test_a_telephone_of_its_own_pops_the_caller_up_and_is_served_by_the_switch(office: Office) -> None:
    def give() -> None:
        who = office.people["1001"].username
        operations.save_agent("1001", who, domain="lightline", kind="telephone", actor=SYSTEM, now=START)

    office.live.within(transaction, give)
    agent = office.page("1001")
    agent.goto("/desk/")
    expect(agent.locator("#phone")).to_have_attribute("data-line", "ready")
    office.queue_call("1001", number="13800138000")
    expect(agent.locator("[data-phone-doing]")).to_have_text("请摘机：")
    expect(agent.locator("[data-phone-caller]")).to_contain_text("3301005566")

    def answered() -> None:
        visit = db.session.query(QueueVisit).one()
        visit.answered_at, visit.agent, visit.offered_to = office.live.clock.now(), "1001", ""
        visit.agent_uuid = "u-agent"
        live_topics.touch("phone:1001")

    office.live.within(transaction, answered)
    expect(agent.locator("#desk-caller")).to_contain_text("3301005566")
    expect(agent.locator("[data-phone-doing]")).to_have_text("通话中：")
    check_page(agent)
    press(agent, "保持")
    expect(agent.locator("#toasts")).to_contain_text("电话交换机拒绝")  # this switch carries no such call
    assert "uuid_hold toggle u-agent" in office.switch.switch.commands

    def over() -> None:
        db.session.query(QueueVisit).one().left_at = office.live.clock.now()
        live_topics.touch("phone:1001")

    office.live.within(transaction, over)
    expect(agent.locator("[data-phone-now]")).to_be_empty()
    dial(agent, "1002")
    expect(agent.locator("#toasts")).to_contain_text("请摘机：")
    assert any(
        line.startswith("bgapi originate {") and "user/1001@lightline 1002 XML lightline_agents" in line
        for line in office.switch.switch.commands
    )
