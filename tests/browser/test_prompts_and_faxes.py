"""The pages of prompts and faxes in a browser: find, listen, record, go back; a fax that was busy is sent again."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from app.kernel import db
from app.kernel.actor import SYSTEM
from app.telephony.fax.models import BUSY
from app.telephony.outbound import faxes
from tests.browser.conftest import LiveServer
from tests.browser.looks import WIDTHS, check_page
from tests.identity.factories import make_unit, make_user
from tests.telephony.prompts.conftest import tone


def shot(page: Page, name: str) -> None:
    """Pictures to look at, where `LIGHTLINE_SHOTS` names a folder."""
    if folder := os.environ.get("LIGHTLINE_SHOTS"):
        for width, size in WIDTHS.items():
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png")
        page.set_viewport_size({"width": 1366, "height": 768})


def test_a_prompt_is_heard_recorded_and_taken_back(live: LiveServer, page: Page, tmp_path: Path) -> None:
    live.sign_in(page, live.within(lambda: make_user(posts=[("analyst", make_unit())])))
    page.goto("/ivr/prompts/")
    expect(page.get_by_role("link", name="line.welcome")).to_be_visible()
    check_page(page)
    shot(page, "prompts")
    page.get_by_label("键或文字").fill("传真号码")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="fax.ask_number").click()
    sound = tmp_path / "传真.wav"
    sound.write_bytes(tone())
    page.get_by_label("真人录音").first.set_input_files(sound)
    page.get_by_role("button", name="上传").first.click()
    expect(page.get_by_text("来电者从现在起听到这段录音。")).to_be_visible()
    expect(page.get_by_text("录音 0.5 秒")).to_be_visible()
    played = page.evaluate(
        """async () => { const audio = document.querySelector("audio"); audio.preload = "auto"; audio.load();
        await new Promise((good, bad) => { audio.oncanplay = good; audio.onerror = bad; }); return audio.duration; }"""
    )
    assert 0.4 < played < 0.6
    check_page(page)
    shot(page, "prompt")
    page.get_by_role("button", name="恢复合成语音").click()
    page.get_by_role("dialog").get_by_role("button", name="恢复合成语音").or_(
        page.get_by_role("dialog").get_by_role("button", name="确定")
    ).first.click()
    expect(page.get_by_text("来电者重新听到合成语音。")).to_be_visible()


def test_a_fax_is_looked_at_and_sent_again(live: LiveServer, page: Page) -> None:
    def busy() -> int:
        now = live.clock.now()
        inputs = {"document": "tariff"}
        values = {"number": "057112345678", "language": "zh", "key": "k1", "actor": SYSTEM}
        fax_id = db.run(lambda: faxes.want("by_choice", inputs, now=now, **values))  # type: ignore[arg-type]
        for n in range(1, 5):
            then = now + timedelta(minutes=6 * n)
            db.run(lambda then=then: faxes.claim(most=9, now=then))  # type: ignore[misc]
            db.run(lambda n=n, then=then: faxes.ended(fax_id, n, state=BUSY, code="17", now=then))  # type: ignore[misc]
        return fax_id

    fax_id = live.within(busy)
    live.sign_in(page, live.within(lambda: make_user(posts=[("agent", make_unit())])))
    page.goto("/fax/")
    expect(page.get_by_role("cell").get_by_text("占线")).to_be_visible()
    check_page(page)
    shot(page, "faxes")
    page.goto(f"/fax/{fax_id}")
    expect(page.get_by_role("img", name="第 1 页，共 1 页")).to_be_visible(timeout=15_000)
    check_page(page)
    shot(page, "fax")
    page.get_by_role("button", name="重新发送").click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page.get_by_text("传真已排队。")).to_be_visible()
