"""The service `notify.notice` of diagrams."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.registry import BusinessError, ServiceContext, registry
from app.notify import queries
from app.notify.bindings import NoticeInputs
from tests.identity.factories import make_unit, make_user


def call(clock: FrozenClock, key: str = "k1", **inputs: Any) -> Any:
    context = ServiceContext(
        instance_id="i",
        business_key="GD1",
        element_id="tell",
        task_id="t",
        idempotency_key=key,
        now=clock.now(),
        actor=SYSTEM,
    )
    return registry.get_service("notify.notice").handler(context, **NoticeInputs().load(inputs))


def test_it_tells_a_group_and_a_person_once_a_step(app: object, clock: FrozenClock) -> None:
    unit = make_unit("GM-1")
    member, named = make_user(posts=[("dispatcher", unit)]), make_user("named")
    notice = {"group": "dispatcher@GM-1", "username": "named", "text": "请处理", "text_en": "Please act"}
    assert call(clock, **notice) == {"told": 2}
    assert call(clock, **notice) == {"told": 0}
    assert call(clock, key="k2", **notice) == {"told": 2}
    assert [queries.unread_count(user.id) for user in (member, named)] == [2, 2]


def test_an_empty_group_holds_nothing_up(app: object, clock: FrozenClock) -> None:
    assert call(clock, group="dispatcher@NOWHERE", text="请处理") == {"told": 0}


def test_an_unknown_person_is_a_business_error(app: object, clock: FrozenClock) -> None:
    with pytest.raises(BusinessError, match="UNKNOWN_USER"):
        call(clock, username="nobody", text="请处理")


@pytest.mark.parametrize("inputs", [{"text": "无收件人"}, {"group": "a@b"}, {"group": "a@b", "text": "x" * 501}])
def test_inputs_are_checked(inputs: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NoticeInputs().load(inputs)
