"""The lists: what each scope holds, filters, orders and pages by key."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app.engine.api import Task
from app.identity import operations as identity
from app.identity.queries import UserView
from app.inbox.queries.counts import count_scopes
from app.inbox.queries.cursor import BadCursor
from app.inbox.queries.filters import BadFilter, TaskFilter, read_filter
from app.inbox.queries.page import TaskPage, page_of
from app.inbox.queries.reader import Reader, reader_of
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.i18n import in_locale
from tests.identity.factories import make_tree, make_unit, make_user
from tests.inbox.factories import make_case, make_task

pytestmark = pytest.mark.databases

HOUR = timedelta(hours=1)


def reading(user: UserView, clock: FrozenClock) -> Reader:
    return reader_of(user.id, user.username, at=clock.now())


def ids(scope: str, user: UserView, clock: FrozenClock, **wanted: object) -> list[str]:
    return [row.id for row in page(scope, user, clock, **wanted).rows]


def page(
    scope: str, user: UserView, clock: FrozenClock, *, after: str = "", size: int = 50, **wanted: object
) -> TaskPage:
    chosen = read_filter({name: str(value) for name, value in wanted.items()})
    return page_of(scope, reading(user, clock), chosen, after=after, now=clock.now(), size=size)  # type: ignore[arg-type]


def substitute(absent: UserView, by: UserView, start: datetime, end: datetime) -> None:
    identity.grant_substitution(
        absent_id=absent.id, substitute_id=by.id, valid_from=start, valid_to=end, reason="年假", actor=SYSTEM, now=start
    )
    session.commit()


def test_each_scope_holds_its_own_tasks(app: object, clock: FrozenClock) -> None:
    units = make_tree()
    station = units["P-A-X-1"]
    dispatcher = make_user(posts=[("dispatcher", station)])
    colleague = make_user(posts=[("dispatcher", station)])
    now = clock.now()
    mine = make_task(now, unit=station, groups=["dispatcher@P-A-X-1"], assignee=dispatcher)
    free = make_task(now, unit=station, groups=["dispatcher@P-A-X-1"])
    named = make_task(now, unit=units["P-B"], users=[dispatcher])
    taken = make_task(now, unit=station, groups=["dispatcher@P-A-X-1"], assignee=colleague)
    elsewhere = make_task(now, unit=units["P-B-X-1"], groups=["dispatcher@P-B-X-1"])
    make_task(now, unit=station, groups=["dispatcher@P-A-X-1"], assignee=dispatcher, state="done")
    assert ids("mine", dispatcher, clock) == [mine]
    assert sorted(ids("groups", dispatcher, clock)) == sorted([free, named])
    assert sorted(ids("groups", dispatcher, clock, holder="any")) == sorted([mine, free, named, taken])
    assert sorted(ids("all", dispatcher, clock)) == sorted([mine, free, taken])
    assert elsewhere not in ids("all", dispatcher, clock)
    counts = count_scopes(reading(dispatcher, clock), now=now)
    assert (counts.mine, counts.groups, counts.all, counts.overdue) == (1, 2, 3, 0)


def test_a_task_of_two_groups_comes_once(app: object, clock: FrozenClock) -> None:
    unit = make_unit("U")
    user = make_user(posts=[("dispatcher", unit), ("reviewer", unit)])
    tasks = [make_task(clock.now(), unit=unit, groups=["dispatcher@U", "reviewer@U"], users=[user]) for _ in range(3)]
    assert sorted(ids("groups", user, clock)) == sorted(tasks)
    first = page("groups", user, clock, size=2)
    assert [row.id for row in [*first.rows, *page("groups", user, clock, after=first.after, size=2).rows]] == tasks
    assert count_scopes(reading(user, clock), now=clock.now()).groups == 3


def test_a_substitute_sees_the_absents_tasks_while_it_lasts(app: object, clock: FrozenClock) -> None:
    unit = make_unit("U")
    absent, stand_in = make_user(posts=[("dispatcher", unit)], name="王敏"), make_user()
    held = make_task(clock.now(), unit=unit, assignee=absent)
    free = make_task(clock.now(), unit=unit, groups=["dispatcher@U"])
    substitute(absent, stand_in, clock.now() + HOUR, clock.now() + 5 * HOUR)
    assert ids("mine", stand_in, clock) == []
    clock.advance(HOUR)
    row = page("mine", stand_in, clock).rows[0]
    assert (row.id, row.standing_in_for, row.mine) == (held, "王敏", False)
    assert ids("groups", stand_in, clock) == [free]
    clock.advance(4 * HOUR)
    assert ids("mine", stand_in, clock) == []
    assert ids("groups", stand_in, clock) == []


def test_follow_up_hides_until_its_time(app: object, clock: FrozenClock) -> None:
    user = make_user()
    later = make_task(clock.now(), assignee=user, follow_up_at=clock.now() + HOUR)
    assert ids("mine", user, clock) == []
    assert ids("mine", user, clock, follow_up="waiting") == [later]
    assert ids("mine", user, clock, follow_up="all") == [later]
    clock.advance(HOUR)
    assert ids("mine", user, clock) == [later]


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("", ["late", "soon", "tomorrow", "none"]),
        ("overdue", ["late"]),
        ("today", ["soon"]),
        ("later", ["tomorrow"]),
        ("none", ["none"]),
    ],
)
def test_due_states(app: object, clock: FrozenClock, due: str, expected: list[str]) -> None:
    user, now = make_user(), clock.now()
    dates = {"none": None, "tomorrow": now + 20 * HOUR, "late": now - HOUR, "soon": now + HOUR}
    names = {make_task(now, assignee=user, due_at=at): name for name, at in dates.items()}
    assert [names[task] for task in ids("mine", user, clock, due=due)] == expected


def test_filters_of_columns(app: object, clock: FrozenClock) -> None:
    units = make_tree()
    boss = make_user(posts=[("supervisor", units["P"])])
    now = clock.now()
    one = make_task(now, unit=units["P-A-X-1"], priority=90, element_id="review")
    two = make_task(now, case=make_case(now, unit=units["P-B-X"], business_key="GD202603020001"))
    cases: list[tuple[dict[str, object], list[str]]] = [
        ({"priority": 80}, [one]),
        ({"element": "review"}, [one]),
        ({"process": "repair_dispatch"}, [one, two]),
        ({"process": "complaint"}, []),
        ({"unit": "P-B"}, [two]),
        ({"unit": "P"}, [one, two]),
        ({"key": "GD202603020001"}, [two]),
        ({"holder": "held"}, []),
    ]
    for wanted, expected in cases:
        assert sorted(ids("all", boss, clock, **wanted)) == sorted(expected), wanted


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("停电", True),
        ("临江", True),
        ("青山路12号", True),
        ("着火", False),
        ("0001", True),
        ("停电 临江", True),
        ("outage", True),
        ("!!", False),
    ],
)
def test_search_of_two_characters(app: object, clock: FrozenClock, words: str, found: bool) -> None:
    user = make_user()
    case = make_case(
        clock.now(),
        title="居民停电报修",
        title_en="Power outage",
        business_key="GD202603020001",
        search="临江市青山路12号 张伟",
    )
    task = make_task(clock.now(), case=case, assignee=user)
    make_task(clock.now(), assignee=user, case=make_case(clock.now(), title="电压不稳"))
    assert ids("mine", user, clock, q=words) == ([task] if found else [])
    for sort in ("created", "priority"):
        assert ids("mine", user, clock, q=words, sort=sort) == ([task] if found else [])


def test_search_stays_within_the_scope(app: object, clock: FrozenClock) -> None:
    units = make_tree()
    here, there = make_user(posts=[("dispatcher", units["P-A"])]), make_user(posts=[("dispatcher", units["P-B"])])
    task = make_task(
        clock.now(), case=make_case(clock.now(), unit=units["P-A-X"], title="停电"), groups=["dispatcher@P-A"]
    )
    for scope in ("groups", "all"):
        assert ids(scope, here, clock, q="停电") == [task]
        assert ids(scope, there, clock, q="停电") == []


@pytest.mark.parametrize("sort", ["due", "created", "priority"])
@pytest.mark.parametrize("desc", ["0", "1"])
@pytest.mark.parametrize("scope", ["mine", "groups", "all"])
def test_pages_together_are_the_whole_list_in_order(
    app: object, clock: FrozenClock, scope: str, sort: str, desc: str
) -> None:
    unit = make_unit("U")
    user = make_user(posts=[("dispatcher", unit)])
    now = clock.now()
    for number in range(11):
        make_task(
            now,
            unit=unit,
            groups=["dispatcher@U"],
            assignee=user if scope == "mine" else None,
            due_at=None if number % 4 == 0 else now + (number % 3) * HOUR,
            priority=50 + 10 * (number % 2),
            created_at=now - (number % 5) * HOUR,
        )
    whole = ids(scope, user, clock, sort=sort, desc=desc)
    assert len(whole) == 11
    seen: list[str] = []
    after = ""
    while True:
        part = page(scope, user, clock, sort=sort, desc=desc, after=after, size=3)
        seen += [row.id for row in part.rows]
        after = part.after
        if not after:
            break
    assert seen == whole
    rows = page(scope, user, clock, sort=sort, desc=desc).rows
    if sort == "due":
        dated = [row.due_at for row in rows if row.due_at]
        assert [row.due_at for row in rows][len(dated) :] == [None] * (11 - len(dated)), "without a date comes last"
        assert dated == sorted(dated, reverse=desc == "1")
    else:
        values = [row.created_at if sort == "created" else row.priority for row in rows]
        assert values == sorted(values, reverse=desc == "1")  # type: ignore[type-var]


def test_paging_is_stable_while_rows_change(app: object, clock: FrozenClock) -> None:
    user, now = make_user(), clock.now()
    tasks = [make_task(now, assignee=user, due_at=now + n * HOUR) for n in range(6)]
    first = page("mine", user, clock, size=3)
    make_task(now, assignee=user, due_at=now - HOUR)  # appears before the first page
    session.execute(sa.update(Task).where(Task.id == tasks[1]).values(state="done"))  # goes from the first page
    session.execute(sa.update(Task).where(Task.id == tasks[2]).values(due_at=now - 2 * HOUR))  # the cursor's row moves
    session.commit()
    second = page("mine", user, clock, size=3, after=first.after)
    assert [row.id for row in second.rows] == tasks[3:]


def test_a_cursor_of_another_order_starts_again_and_a_false_one_is_refused(app: object, clock: FrozenClock) -> None:
    user = make_user()
    tasks = [make_task(clock.now(), assignee=user) for _ in range(3)]
    after = page("mine", user, clock, size=1).after
    assert (
        len(ids("mine", user, clock, sort="priority"))
        == len(page("mine", user, clock, sort="priority", after=after).rows)
        == 3
    )
    assert tasks
    for false in ("x", "%%%", "WyJkdWUiLDUsNV0", "W10"):
        with pytest.raises(BadCursor):
            page("mine", user, clock, after=false)


def test_a_filter_that_does_not_fit_is_refused_by_name() -> None:
    with pytest.raises(BadFilter) as refused:
        read_filter({"due": "yesterday", "priority": "high", "q": "x" * 300})
    assert set(refused.value.details["errors"]) == {"due", "priority", "q"}
    assert read_filter({"due": "", "sort": "priority"}) == TaskFilter(sort="priority", desc=True)


def test_names_come_in_the_readers_language(app: object, clock: FrozenClock) -> None:
    unit = make_unit("U", name="青山县公司", name_en="Qingshan")
    user = make_user(posts=[("dispatcher", unit)], name="李静", name_en="Li Jing")
    make_task(clock.now(), unit=unit, assignee=user)
    with in_locale("en"):
        row = page("mine", user, clock).rows[0]
        assert (row.step, row.unit, row.assignee) == ("Dispatch", "Qingshan", "Li Jing")
    with in_locale("zh"):
        row = page("mine", user, clock).rows[0]
        assert (row.step, row.unit, row.assignee) == ("派单", "青山县公司", "李静")
