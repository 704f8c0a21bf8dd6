"""The pages of imports as a steward uses them, and the file with reasons that they hand out."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from app.customers.importing import queries
from app.customers.importing.operations import ProfileData, save_profile
from app.customers.importing.profiles import Content
from app.identity import queries as people
from app.kernel import db
from app.kernel.clock import FrozenClock
from tests.customers.importing.stage import CUSTOMER_COLUMNS, HEADER, Stage, table
from tests.identity.factories import make_user, sign_in

BAD = ["0001", "=HYPERLINK(1)", "", "GM-A", "abc", "2026-02-30"]
GOOD = ["0002", "李四", "阳光花园3幢", "GM-A", "8", "2026-03-02"]


@pytest.fixture
def stage(app: Flask, clock: FrozenClock) -> Stage:
    return Stage(clock.now())


@pytest.fixture
def steward(stage: Stage, client: FlaskClient) -> FlaskClient:
    user = people.user_view(stage.actor.username)
    assert user is not None
    sign_in(client, user)
    return client


def upload(client: FlaskClient, content: bytes, how: str, name: str = "客户.csv") -> str:
    answer = client.post("/imports/new", data={"file": (io.BytesIO(content), name), "how": how})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def profile(stage: Stage) -> int:
    data = ProfileData("客户档案", "customers", Content(CUSTOMER_COLUMNS, source="marketing"))
    return db.run(lambda: save_profile(data, actor=stage.actor, now=stage.now).id)


def test_upload_by_a_profile_check_and_import(stage: Stage, steward: FlaskClient) -> None:
    address = upload(steward, table(GOOD), f"profile:{profile(stage)}")
    import_id = int(address.rsplit("/", 1)[1])
    assert "正在校验" in steward.get(address).text
    stage.settle(import_id)
    assert "全部1行校验通过" in steward.get(address).text
    assert steward.post(f"{address}/write").status_code == 302
    assert stage.settle(import_id).state == "done"
    assert "新增1条" in steward.get(address).text
    assert "客户.csv" in steward.get("/imports").text


def test_mapping_by_hand_proposes_previews_and_becomes_a_profile(stage: Stage, steward: FlaskClient) -> None:
    address = upload(steward, table(GOOD, BAD), "target:customers")
    assert address.endswith("/mapping")
    page = steward.get(address).text
    assert all(f'value="{name}"' in page for name in HEADER)
    assert "没有2026-02-30这一天" in page
    names = ("number", "name", "address", "unit_code", "contract_capacity", "opened_on")
    sent = {f"header-{name}": header for name, header in zip(names, HEADER, strict=True)}
    refused = steward.post(address, data=sent | {"header-number": "", "action": "check"})
    assert refused.status_code == 422
    assert "缺少此字段就无法识别是哪条记录" in refused.text
    done = steward.post(address, data=sent | {"profile_name": "手工", "note": "首版", "action": "check"})
    assert done.status_code == 302
    saved = queries.list_profiles()[0]
    assert (saved.name, saved.version, saved.note) == ("手工", 1, "首版")
    steward.post(f"/imports/profiles/{saved.id}", data=sent | {"profile_name": "手工", "source": "sg186"})
    assert queries.profile_view(saved.id).version == 2
    assert "历史版本" in steward.get(f"/imports/profiles/{saved.id}").text


def test_bad_rows_come_as_excel_with_the_reasons_beside(stage: Stage, steward: FlaskClient) -> None:
    import_id = stage.upload(table(GOOD, BAD))
    stage.check(import_id)
    answer = steward.get(f"/imports/{import_id}/bad-rows")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == (*HEADER, "错误原因", "文件行号")
    assert len(rows) == 2
    assert rows[1][0] == "0001"
    assert sheet.cell(2, 2).data_type == "s"
    assert "“abc”不是数字" in str(rows[1][6])
    whole = load_workbook(io.BytesIO(steward.get(f"/imports/{import_id}/bad-rows?all=1").data)).active
    assert whole is not None
    assert whole.max_row == 3


def test_the_corrected_excel_file_goes_in_as_it_is(stage: Stage, steward: FlaskClient) -> None:
    import_id = stage.upload(table(GOOD, BAD))
    stage.check(import_id)
    book = load_workbook(io.BytesIO(steward.get(f"/imports/{import_id}/bad-rows?all=1").data))
    sheet = book.active
    assert sheet is not None
    for column, value in enumerate(["0001", "张三", "阳光花园5幢", "GM-A", 10, "2026-03-01"], start=1):
        sheet.cell(3, column).value = value
    stream = io.BytesIO()
    book.save(stream)
    assert stage.run(stream.getvalue(), name="改正.xlsx").created == 2


@pytest.mark.parametrize(
    ("name", "content"), [("a.xls", b"\xd0\xcf\x11\xe0"), ("a.csv", b""), ("a.exe", b"MZ"), ("a.xlsx", b"no workbook")]
)
def test_files_that_cannot_be_read_are_refused_at_the_door(steward: FlaskClient, name: str, content: bytes) -> None:
    answer = steward.post("/imports/new", data={"file": (io.BytesIO(content), name), "how": "target:customers"})
    assert answer.status_code == 422
    assert "field-error" in answer.text


def test_without_a_file_or_a_way_the_page_says_so(steward: FlaskClient) -> None:
    assert "请选择文件" in steward.post("/imports/new", data={"how": "target:customers"}).text
    answer = steward.post("/imports/new", data={"file": (io.BytesIO(b"a"), "a.csv"), "how": "x"})
    assert "请选择文件的读取方式" in answer.text


def test_a_schedule_outside_the_root_is_refused(stage: Stage, steward: FlaskClient) -> None:
    sent = {"name": "每日", "profile": profile(stage), "kind": "folder", "location": "../etc", "every_minutes": "60"}
    assert steward.post("/imports/schedules/new", data=sent).status_code == 422
    sent |= {"kind": "url", "location": "http://169.254.169.254/latest"}
    assert "不允许访问主机169.254.169.254" in steward.post("/imports/schedules/new", data=sent).text


def test_others_do_not_get_in(stage: Stage, client: FlaskClient) -> None:
    import_id = stage.upload(table(GOOD))
    sign_in(client, make_user())
    for address in ("/imports", "/imports/new", f"/imports/{import_id}", f"/imports/{import_id}/bad-rows"):
        assert client.get(address).status_code == 403


def test_a_profile_shows_rows_of_my_own_files_only(stage: Stage, steward: FlaskClient, client: FlaskClient) -> None:
    """Profiles are everybody's; the customers in a file that came by one are not."""
    kept = profile(stage)
    upload(steward, table(GOOD), f"profile:{kept}")
    assert GOOD[1] in steward.get(f"/imports/profiles/{kept}").text
    other = people.unit_by_code("XX", at=stage.now)
    assert other is not None
    sign_in(client, make_user(posts=[("steward", other)]))
    page = client.get(f"/imports/profiles/{kept}")
    assert page.status_code == 200
    assert GOOD[1] not in page.text


def test_the_upload_offers_what_i_may_import(steward: FlaskClient) -> None:
    page = steward.get("/imports/new").text
    assert "target:readings" in page
    assert "target:payments" not in page
