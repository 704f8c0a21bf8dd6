"""Messages and signals: who is met, what is kept, what starts, what diagrams throw."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.engine import api
from app.engine.runtime.correlation import InvalidCorrelation, normal, subsets
from app.engine.runtime.messages.sweep import sweep
from app.kernel.db import session
from app.kernel.registry import Service, ServiceContext, registry
from tests.engine.diagrams import (
    boundary,
    catch,
    chain,
    diagram,
    end,
    extensions,
    gateway,
    message,
    node,
    on_message,
    on_signal,
    service,
    signal,
    start,
    subprocess,
    throw,
    user,
)
from tests.engine.runtime.driving import NOBODY, Driver

pytestmark = pytest.mark.databases

ORDER = extensions(properties={"correlation": "${order_id}"})
WAITS = diagram(
    start(),
    catch("wait", ORDER, on_message("m")),
    user("after"),
    end(),
    chain("s", "wait", "after", "e"),
    before=message("m", "paid"),
)


def publish(drive: Driver, name: str = "paid", **options: Any) -> list[str]:
    return drive.do(lambda: api.publish(name, actor=NOBODY, now=drive.now, **options))


def test_a_message_reaches_the_instance_it_is_for_and_no_other(drive: Driver) -> None:
    drive.deploy(p=WAITS)
    mine, other = drive.start(data={"order_id": 5}), drive.start(data={"order_id": 6})
    assert publish(drive, correlation={"order_id": "5"}, payload={"amount": 8}) == [mine.id]
    assert (drive.tasks(mine.id), drive.tasks(other.id)) == (["after"], [])
    assert api.variables(mine.id)["amount"] == 8
    assert publish(drive, correlation={"order_id": 5}) == []


def test_the_business_key_is_the_default(drive: Driver) -> None:
    xml = diagram(
        start(), catch("wait", on_message("m")), user("after"), end(), chain("s", "wait", "after", "e"),
        before=message("m", "paid"),
    )  # fmt: skip
    drive.deploy(p=xml)
    instance = drive.start(business_key="GD1")
    drive.start()
    assert publish(drive, correlation={"business_key": "GD1", "order_id": 3}) == [instance.id]


def test_one_instance_can_be_addressed_by_its_id(drive: Driver) -> None:
    drive.deploy(p=WAITS)
    instance = drive.start(data={"order_id": 5})
    assert publish(drive, correlation={"instance_id": instance.id}) == [instance.id]


def test_a_message_nobody_waits_for_is_kept_for_its_time(drive: Driver) -> None:
    drive.deploy(p=WAITS)
    assert publish(drive, correlation={"order_id": 5}, payload={"amount": 1}, ttl=timedelta(hours=1)) == []
    first = drive.start(data={"order_id": 5})
    second = drive.start(data={"order_id": 5})
    assert (drive.tasks(first.id), drive.tasks(second.id)) == (["after"], [])
    publish(drive, correlation={"order_id": 9}, ttl=timedelta(hours=1))
    drive.clock.advance(timedelta(hours=2))
    late = drive.start(data={"order_id": 9})
    assert drive.tasks(late.id) == []
    assert sweep(drive.now) == 1


def test_without_a_time_to_live_it_is_dropped(drive: Driver) -> None:
    drive.deploy(p=WAITS)
    publish(drive, correlation={"order_id": 5})
    assert drive.tasks(drive.start(data={"order_id": 5}).id) == []


def test_a_key_is_used_once(drive: Driver) -> None:
    drive.deploy(p=WAITS)
    first = drive.start(data={"order_id": 5})
    assert publish(drive, correlation={"order_id": 5}, key="pay-1") == [first.id]
    again = drive.start(data={"order_id": 5})
    assert publish(drive, correlation={"order_id": 5}, key="pay-1") == [first.id]
    assert drive.tasks(again.id) == []


def test_a_message_starts_the_process_that_begins_with_it(drive: Driver) -> None:
    xml = diagram(start("s", on_message("m")), user("a"), end(), chain("s", "a", "e"), before=message("m", "report"))
    drive.deploy(p=xml)
    (instance_id,) = publish(drive, "report", correlation={"business_key": "GD7"}, payload={"phone": "95598"})
    assert api.get_instance(instance_id).business_key == "GD7"
    assert api.variables(instance_id) == {"phone": "95598"}
    assert drive.tasks(instance_id) == ["a"]
    assert drive.tasks(drive.start(data={"by": "hand"}).id) == ["a"]


def test_a_boundary_message_runs_beside_or_interrupts(drive: Driver) -> None:
    xml = diagram(
        start(),
        subprocess("sub", start("s1"), user("work"), end("e1"), chain("s1", "work", "e1")),
        end(),
        boundary("nudge", "sub", ORDER, on_message("r"), interrupting=False),
        user("hurry"),
        end("e2"),
        boundary("stop", "sub", ORDER, on_message("c")),
        user("tell"),
        end("e3"),
        chain("s", "sub", "e"),
        chain("nudge", "hurry", "e2"),
        chain("stop", "tell", "e3"),
        before=message("r", "reminder") + message("c", "cancelled"),
    )
    drive.deploy(p=xml)
    instance = drive.start(data={"order_id": 5})
    publish(drive, "reminder", correlation={"order_id": 5})
    assert drive.tasks(instance.id) == ["hurry", "work"]
    publish(drive, "cancelled", correlation={"order_id": 5})
    assert drive.tasks(instance.id) == ["hurry", "tell"]
    drive.complete(instance.id, "hurry")
    drive.complete(instance.id, "tell")
    assert drive.status(instance.id) == "completed"


def test_a_receive_task_waits_too(drive: Driver) -> None:
    xml = diagram(
        start(), node("receiveTask", "wait", ORDER, messageRef="m"), user("after"), end(),
        chain("s", "wait", "after", "e"), before=message("m", "paid"),
    )  # fmt: skip
    drive.deploy(p=xml)
    instance = drive.start(data={"order_id": 1})
    assert publish(drive, correlation={"order_id": 1}) == [instance.id]
    assert drive.tasks(instance.id) == ["after"]


def test_an_event_subprocess_runs_beside_the_process_each_time(drive: Driver) -> None:
    inner = node(
        "subProcess", "on_note", start("s2", ORDER, on_message("m"), isInterrupting="false"), user("read"), end("e2"),
        chain("s2", "read", "e2"), triggeredByEvent="true",
    )  # fmt: skip
    drive.deploy(p=diagram(start(), user("work"), end(), inner, chain("s", "work", "e"), before=message("m", "note")))
    instance = drive.start(data={"order_id": 5})
    for number in (1, 2):
        assert publish(drive, "note", correlation={"order_id": 5}, payload={"n": number}) == [instance.id]
    assert drive.tasks(instance.id) == ["read", "read", "work"]


def test_a_diagram_throws_to_another_and_to_itself(drive: Driver) -> None:
    sender = diagram(
        start(),
        gateway("split", "parallel"),
        throw("send", extensions(inputs={"amount": "${7}"}), on_message("m")),
        catch("wait", on_message("m")),
        user("own"),
        end(),
        chain("s", "split", "send", "e"),
        chain("split", "wait", "own", "e"),
        before=message("m", "paid"),
    )
    receiver = diagram(
        start(), catch("wait", on_message("m")), user("other"), end(), chain("s", "wait", "other", "e"),
        before=message("m", "paid"), key="q",
    )  # fmt: skip
    drive.deploy(p=sender, q=receiver)
    other = drive.start("q", business_key="GD1")
    stranger = drive.start("q", business_key="GD2")
    own = drive.start(business_key="GD1")
    assert (drive.tasks(own.id), drive.tasks(other.id), drive.tasks(stranger.id)) == (["own"], ["other"], [])
    assert api.variables(other.id)["amount"] == 7


def test_a_signal_reaches_everybody_who_waits(drive: Driver) -> None:
    waits = diagram(
        start(), catch("wait", on_signal("x")), user("after"), end(), chain("s", "wait", "after", "e"),
        before=signal("x", "storm"),
    )  # fmt: skip
    throws = diagram(
        start(), throw("call", on_signal("x")), end(), chain("s", "call", "e"), before=signal("x", "storm"), key="q"
    )
    drive.deploy(p=waits, q=throws)
    one, two = drive.start(), drive.start()
    drive.start("q")
    assert (drive.tasks(one.id), drive.tasks(two.id)) == (["after"], ["after"])


def test_a_service_publishes_to_the_instance_that_runs_it(drive: Driver) -> None:
    def handler(context: ServiceContext) -> None:
        api.publish("paid", correlation={"order_id": 5}, actor=context.actor, now=context.now)

    xml = diagram(
        start(), service("pay", "t.pay"), catch("wait", ORDER, on_message("m")), user("after"), end(),
        chain("s", "pay", "wait", "after", "e"), before=message("m", "paid"),
    )  # fmt: skip
    with registry.temporarily(Service("t.pay", "", "", handler, inline=True)):
        drive.deploy(p=xml)
        instance = drive.start(data={"order_id": 5})
    assert drive.tasks(instance.id) == ["after"]


def test_messages_for_a_suspended_instance_are_kept_until_it_is_resumed(drive: Driver) -> None:
    drive.deploy(p=WAITS)
    instance = drive.start(data={"order_id": 5})
    drive.do(lambda: api.suspend(instance.id, reason="storm", actor=NOBODY, now=drive.now))
    assert publish(drive, correlation={"order_id": 5}) == []
    drive.clock.advance(timedelta(days=2))
    drive.do(lambda: api.resume(instance.id, reason="over", actor=NOBODY, now=drive.now))
    assert drive.tasks(instance.id) == ["after"]


def test_the_sweep_brings_together_who_missed_each_other(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    drive.deploy(p=WAITS)
    publish(drive, correlation={"order_id": 5}, ttl=timedelta(hours=1))
    with monkeypatch.context() as patched:
        patched.setattr("app.engine.runtime.run.command.take_kept_messages", lambda *_: False)
        instance = drive.start(data={"order_id": 5})
    assert drive.tasks(instance.id) == []
    session.rollback()
    assert sweep(drive.now) == 1
    assert drive.tasks(instance.id) == ["after"]


def test_normal_forms_do_not_depend_on_order_or_kind() -> None:
    assert normal({"a": 5, "b": "x"}) == normal({"b": "x", "a": "5"}) != normal({"a": 5})
    assert normal({"a": 5.0}) == normal({"a": 5})
    assert set(subsets({"a": 1, "b": 2})) == {normal({"a": 1}), normal({"b": 2}), normal({"a": 1, "b": 2})}
    with pytest.raises(InvalidCorrelation):
        normal({"a": None})
    with pytest.raises(InvalidCorrelation):
        subsets({str(number): 1 for number in range(7)})
