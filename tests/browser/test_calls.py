"""The pages of calls, queues and telephones in a browser: find a call, follow its way, listen; keep a queue."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from app.kernel import files
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.telephony.calls.models import Call, CallLeg, CallRecording, CallStep
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page
from tests.browser.test_prompts_and_faxes import shot
from tests.identity.factories import make_unit, make_user
from tests.telephony.calls.test_pages import sound

WAY = [
    ("line_95598", "welcome", "play", "next", ""),
    ("line_95598", "language", "menu", "key 1", "1"),
    ("line_95598", "main", "menu", "key 2", "2"),
    ("identify", "ask_password", "gather", "next", "****"),
    ("agent", "wait", "queue", "next", ""),
    ("agent", "survey", "menu", "", "1"),
]


def make_calls(live: LiveServer) -> int:
    """A morning's calls; the id of one with everything."""
    now = live.clock.now()
    file = files.save(sound(), "talk.wav", actor=SYSTEM, now=now, allowed=files.AUDIO)
    outcomes = ["agent", "self_service", "abandoned", "fallback", "confirmed", "not_confirmed", "transferred", "fax"]
    for n, outcome in enumerate(outcomes):
        began = now - timedelta(minutes=7 * n + 5)
        call = Call(
            key=f"c{n}", number=f"1380013800{n}", called="95598", direction="out" if "confirmed" in outcome else "in",
            began_at=began, answered_at=began, ended_at=began + timedelta(seconds=187), cause="NORMAL_CLEARING",
            outcome=outcome, flow="line_95598", account_no="3301005566", queue="service", agent="1001", waited=35,
            talked=95, last_node="agent/survey", steps=len(WAY), unit_path="/", tags={"reason": "bill"},
        )  # fmt: skip
        session.add(call)
        session.flush()
        if n == 0:
            first = call.id
            for at, (flow, node, kind, left, pressed) in enumerate(WAY, start=1):
                step = CallStep(call_id=call.id, n=at, at=began + timedelta(seconds=9 * at), flow=flow, node=node)
                step.kind, step.exit, step.input, step.seconds = kind, left, pressed, 8.6
                session.add(step)
            for at, (kind, party, result) in enumerate(
                [("caller", "13800138000", ""), ("agent", "1001", "answered")], start=1
            ):
                session.add(
                    CallLeg(
                        call_id=call.id,
                        n=at,
                        kind=kind,
                        party=party,
                        result=result,
                        offered_at=began,
                        answered_at=began,
                    )
                )
            session.add(
                CallRecording(call_id=call.id, call_key="c0", kind="whole", file_id=file.id, seconds=95.0, at=began)
            )
    session.commit()
    return first


def test_a_call_is_found_followed_and_heard(live: LiveServer, page: Page) -> None:
    call_id = live.within(lambda: make_calls(live))
    live.sign_in(page, live.within(lambda: make_user(posts=[("supervisor", None)])))
    page.goto("/calls/")
    expect(page.get_by_text("排队放弃").last).to_be_visible()
    check_page(page)
    shot(page, "calls")
    page.get_by_label("结果").select_option("agent")
    page.get_by_role("button", name="搜索").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.goto(f"/calls/{call_id}")
    expect(page.get_by_text("identify/ask_password")).to_be_visible()
    check_page(page)
    shot(page, "call")
    page.get_by_role("button", name="收听").click()
    expect(page.locator("audio")).to_be_attached()
    page.goto(f"/calls/{call_id}?lang=en")
    expect(page.get_by_text("Way through the flows")).to_be_visible()
    shot(page, "call-en")


def test_a_queue_and_a_telephone_are_kept(live: LiveServer, page: Page) -> None:
    live.within(lambda: make_user("agent_li", name="李座席"))
    live.sign_in(page, live.within(lambda: make_user(posts=[("supervisor", make_unit())])))
    page.goto("/phones/")
    expect(page.get_by_text("还没有队列")).to_be_visible()
    queue = page.locator("form", has=page.locator("[name=strategy]"))
    queue.locator("[name=code]").fill("service")
    queue.locator("[name=name]").fill("综合业务")
    queue.locator("[name=name_en]").fill("General")
    queue.get_by_role("button", name="保存").click()
    expect(page.get_by_role("rowheader", name="综合业务")).to_be_visible()
    phone = page.locator("form", has=page.locator("[name=username]"))
    phone.locator("[name=extension]").fill("1001")
    phone.locator("[name=username]").fill("agent_li")
    phone.locator("[name=kind]").select_option("telephone")
    phone.locator("[name=level_service]").select_option("1")
    phone.get_by_role("button", name="分配").click()
    expect(page.get_by_text("仅显示这一次")).to_be_visible()
    check_page(page)
    shot(page, "phones")
