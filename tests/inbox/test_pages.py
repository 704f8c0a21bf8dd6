"""The pages of the inbox: in both languages, with their buttons, for those who may."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.identity.queries import UserView
from app.inbox.panels import Panel, register
from app.kernel.clock import FrozenClock
from tests.identity.factories import make_tree, make_user, sign_in
from tests.inbox.repair import report, task_of


@pytest.fixture
def dispatcher(client: FlaskClient) -> UserView:
    units = make_tree()
    user = make_user("zhangwei", posts=[("dispatcher", units["P-A-X-1"])], name="张伟", name_en="Zhang Wei")
    make_user("lina", posts=[("dispatcher", units["P-A-X-1"])], name="李娜", name_en="Li Na")
    make_user("leader", posts=[("crew_leader", units["P-A-X-1"])], name="赵强")
    sign_in(client, user)
    return user


@pytest.fixture
def case(dispatcher: UserView, clock: FrozenClock) -> Any:
    return report(clock.now(), unit="P-A-X-1", leader="leader")


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    return answer.get_data(as_text=True)


def follow(client: FlaskClient, path: str, data: Any = None, **more: Any) -> str:
    answer = client.post(path, data=data, follow_redirects=True, **more)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:800]
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["组内待认领", "青山路停电", "派单", "认领"]),
        ("en", ["My groups", "Outage in Qingshan Road", "Dispatch", "Claim"]),
    ],
)
@pytest.mark.parametrize("scope", ["mine", "groups", "all"])
def test_the_list_in_both_languages(client: FlaskClient, case: Any, lang: str, words: list[str], scope: str) -> None:
    page = text_of(client, f"/inbox?scope={scope}&lang={lang}")
    assert words[0] in page
    assert (words[1] in page) == (scope != "mine")
    assert scope == "mine" or words[2] in page


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "认领任务后即可填写表单"), ("en", "Claim the task to fill in its form")]
)
def test_a_task_offered(client: FlaskClient, case: Any, lang: str, words: str) -> None:
    page = text_of(client, f"/tasks/{task_of(case).id}?lang={lang}")
    assert words in page
    assert "GD202603020001" in page


def test_from_the_list_to_the_end_of_the_task(client: FlaskClient, case: Any, dispatcher: UserView) -> None:
    task = task_of(case)
    page = follow(client, f"/tasks/{task.id}/claim", {"next": "/inbox?scope=mine"})
    assert "任务已由您认领" in page
    assert "青山路停电" in page
    page = text_of(client, f"/tasks/{task.id}")
    assert f'data-action="/tasks/{task.id}/complete"' in page
    refused = client.post(f"/tasks/{task.id}/complete", json={"people": 3})
    assert refused.status_code == 422
    assert list(refused.json["details"]["errors"]) == ["crew"]
    done = client.post(f"/tasks/{task.id}/complete", json={"crew": "一班"})
    assert done.json == {"redirect": "/inbox"}
    page = text_of(client, f"/tasks/{task.id}")
    assert "张伟已完成此任务" in page
    assert '"crew": "\\u4e00\\u73ed"' in page, "what was entered is shown"
    late = client.post(f"/tasks/{task.id}/complete", json={"crew": "二班"})
    assert (late.status_code, late.json["code"]) == (409, "task_already_completed")
    assert "张伟" in late.json["message"]


def test_the_next_step_that_is_mine_comes_next(client: FlaskClient, clock: FrozenClock, dispatcher: UserView) -> None:
    case = report(clock.now(), unit="P-A-X-1", leader="zhangwei")
    task = task_of(case)
    follow(client, f"/tasks/{task.id}/claim")
    done = client.post(f"/tasks/{task.id}/complete", json={"crew": "一班"})
    repair = task_of(case)
    assert done.json == {"redirect": f"/tasks/{repair.id}"}
    page = text_of(client, f"/tasks/{repair.id}")
    assert "此环节无需填写" in page
    assert "“抢修”已完成" in follow(client, f"/tasks/{repair.id}/complete", {})


def test_comments_files_and_the_time_line(client: FlaskClient, case: Any) -> None:
    task = task_of(case)
    assert "客户家中有病人" in follow(client, f"/tasks/{task.id}/comments", {"text": "客户家中有病人"})
    sent = {"file": (BytesIO(b"%PDF-1.4\n%%EOF\n"), "plan.pdf")}
    page = follow(client, f"/tasks/{task.id}/files", sent, content_type="multipart/form-data")
    assert "plan.pdf" in page
    assert "添加了附件“plan.pdf”" in text_of(client, f"/tasks/{task.id}/timeline")
    page = text_of(client, f"/tasks/{task.id}/files")
    path = page.split(f'href="/tasks/{task.id}/files/')[1].split('"')[0]
    answer = client.get(f"/tasks/{task.id}/files/{path}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    answer.close()
    false = {"file": (BytesIO(b"MZ..."), "photo.jpg")}
    refused = client.post(f"/tasks/{task.id}/files", data=false, content_type="multipart/form-data")
    assert refused.status_code == 422
    follow(client, f"/tasks/{task.id}/files/{path}/remove")
    assert client.get(f"/tasks/{task.id}/files/{path}").status_code == 404


def test_filters_are_kept_and_shared_and_deleted(client: FlaskClient, case: Any, dispatcher: UserView) -> None:
    page = follow(client, "/inbox/filters", {"scope": "groups", "name": "今天到期", "due": "today"})
    assert "今天到期" in page
    assert (
        client.post("/inbox/filters", data={"scope": "groups", "name": "共享", "shared_post": "dispatcher"}).status_code
        == 403
    )
    path = page.split('action="/inbox/filters/')[1].split('"')[0]
    assert "筛选条件已删除" in follow(client, f"/inbox/filters/{path}")


def test_bulk_work_reports(client: FlaskClient, case: Any, clock: FrozenClock) -> None:
    other = task_of(report(clock.now(), unit="P-A-X-1", leader="leader"))
    page = follow(
        client, "/inbox/claim", {"task": [task_of(case).id, other.id, "nothing"], "next": "/inbox?scope=mine"}
    )
    assert "您认领了 2 个任务" in page
    assert "1 个任务未成功" in page
    page = follow(client, "/inbox/assign", {"task": [other.id], "person": "lina 李娜", "next": "/inbox"})
    assert "已指派 1 个任务" in page
    assert client.post("/inbox/assign", data={"task": [other.id], "person": "nobody"}).status_code == 422
    assert client.post("/inbox/claim", data={}).status_code == 422


def test_buttons_of_a_task(client: FlaskClient, case: Any) -> None:
    task = task_of(case)
    assert "任务已指派" in follow(client, f"/tasks/{task.id}/assign", {"person": "zhangwei"})
    assert "任务已委托" in follow(client, f"/tasks/{task.id}/delegate", {"person": "lina", "note": "请帮忙"})
    assert "请帮忙" in text_of(client, f"/tasks/{task.id}/timeline")
    assert "任务已交还" in follow(client, f"/tasks/{task.id}/resolve", {})
    assert "稍后处理" in follow(client, f"/tasks/{task.id}/put-off", {"until": "2026-03-02T18:00"})
    assert "时限已修改" in follow(client, f"/tasks/{task.id}/due", {"due": "2026-03-03T18:00", "note": "道路封闭"})
    assert "优先级已修改" in follow(client, f"/tasks/{task.id}/priority", {"priority": "80"})
    assert "任务已归还" in follow(client, f"/tasks/{task.id}/release", {"note": "换班"})
    for path, data in [
        ("due", {"due": "soon", "note": "x"}),
        ("priority", {"priority": "high"}),
        ("assign", {"person": ""}),
    ]:
        assert client.post(f"/tasks/{task.id}/{path}", data=data).status_code == 422


def test_suggestions_name_candidates_first(client: FlaskClient, case: Any) -> None:
    page = text_of(client, f"/tasks/{task_of(case).id}/people?for=assign")
    assert page.index("lina 李娜") < page.index("leader 赵强")
    assert "leader" not in text_of(client, f"/tasks/{task_of(case).id}/people?for=assign&person=娜")
    assert "lina" in text_of(client, "/inbox/people?person=李")


def test_domains_add_panels(client: FlaskClient, case: Any) -> None:
    def facts(task: Any, *, user_id: int, now: Any) -> Panel | None:
        return Panel("客户信息", "inbox/_people.html", {"people": []})

    register("inbox_repair", facts)
    register("other_process", lambda task, **_: Panel("不相干", "inbox/_people.html"))
    page = text_of(client, f"/tasks/{task_of(case).id}")
    assert "客户信息" in page
    assert "不相干" not in page


def test_the_diagram_with_its_token(client: FlaskClient, case: Any) -> None:
    task = task_of(case)
    assert "diagram.json" in text_of(client, f"/tasks/{task.id}/diagram")
    drawn = client.get(f"/tasks/{task.id}/diagram.json").json
    assert list(drawn["active"]) == ["dispatch"]
    assert "<bpmn:definitions" in drawn["xml"]


@pytest.mark.parametrize(
    "path",
    ["/inbox?due=never", "/inbox?after=%25", "/inbox?scope=everything", "/inbox?unit=NOWHERE", "/inbox?priority=-1"],
)
def test_false_addresses_are_refused_in_words(client: FlaskClient, case: Any, path: str) -> None:
    assert "<html" in text_of(client, path, 422)


def test_strangers_see_nothing(client: FlaskClient, case: Any) -> None:
    task = task_of(case).id
    sign_in(client, make_user("customer_of_nobody"))
    for path in ("/inbox", f"/tasks/{task}"):
        assert client.get(path).status_code == 403
    stranger = make_user("far", posts=[("agent", None)])
    sign_in(client, stranger)
    for path in ("", "/timeline", "/files", "/diagram", "/diagram.json", "/people"):
        assert client.get(f"/tasks/{task}{path}").status_code == 404
    for path in ("claim", "complete", "comments", "release", "delegate"):
        assert client.post(f"/tasks/{task}/{path}", data={"text": "x", "person": "lina"}).status_code == 404
