"""A steward imports a file with errors, corrects it and imports it."""

from __future__ import annotations

import io
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from app.customers.operations.codes import sync_codes
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from tests.browser.conftest import LiveServer
from tests.browser.looks import check_page

TABLE = """临江供电所新装客户,,,,
户号,户名,用电地址,供电单位编码,合同容量（kVA）
0001,张三,阳光花园3幢501室,GM,8
0002,李四,阳光花园3幢502室,GM,"12,5"
"""


def run_jobs(live: LiveServer) -> None:
    """What the clock would do."""
    live.within(lambda: jobs.run_due(live.clock.now(), 20))


def test_an_import_with_errors_is_corrected_and_done(live: LiveServer, page: Page, tmp_path: Path) -> None:
    live.within(lambda: db.run(lambda: sync_codes(actor=SYSTEM, now=live.clock.now())))
    user = live.make_user(posts=[("steward", live.make_unit("GM"))])
    live.sign_in(page, user)
    page.goto("/imports")
    page.get_by_role("link", name="新建导入").first.click()
    file = {"name": "新装.csv", "mimeType": "text/csv", "buffer": TABLE.encode("gb18030")}
    page.get_by_label("文件").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_label("客户（手工对应）").check()
    check_page(page)
    page.get_by_role("button", name="上传并校验").click()
    expect(page.get_by_label("户名对应的列")).to_have_value("户名")
    expect(page.get_by_text("无法判断“12,5”中的逗号").first).to_be_visible()
    check_page(page)
    page.get_by_label("将此对应关系存为模板").fill("新装客户")
    page.get_by_role("button", name="按此对应关系校验文件").click()
    expect(page.get_by_text("正在校验")).to_be_visible()
    run_jobs(live)
    expect(page.get_by_text("共2行，其中1行有错误")).to_be_visible()
    check_page(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载全部行及错误原因").click()
    path = tmp_path / "corrected.xlsx"
    book = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert book.active is not None
    book.active.cell(3, 5).value = 12.5
    book.save(path)
    page.get_by_role("link", name="上传改正后的文件").click()
    page.get_by_label("文件").set_input_files(path)
    expect(page.get_by_label("新装客户")).to_be_checked()
    page.get_by_role("button", name="上传并校验").click()
    run_jobs(live)
    page.get_by_role("button", name="导入2行").click()
    run_jobs(live)
    expect(page.get_by_text("新增2条")).to_be_visible()
    expect(page.get_by_role("link", name="0002")).to_be_visible()
    check_page(page)
