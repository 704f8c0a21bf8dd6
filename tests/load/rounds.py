"""A process that goes its rounds: a service as a job, a message to somebody outside, a timer, and again.

What was done is counted three times over: by a row of the service (in the transaction
that ends its step), by a row of the message's job, and by the receiver of the message.
"""

from __future__ import annotations

import os
import time
import urllib.request
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from marshmallow import Schema, fields

from app.kernel import audit, jobs
from app.kernel.actor import SYSTEM
from app.kernel.registry import JobKind, Service, ServiceContext, registry
from tests.engine.diagrams import catch, chain, diagram, end, extensions, flow, gateway, service, start, timer

KEY = "rounds"
ROUNDS = 4
PAUSE = timedelta(seconds=2)
STEP = "load.step"
SEND = "load.send"
RECEIVER = "LIGHTLINE_TEST_RECEIVER"
"""The variable of the environment that says where the receiver listens."""


class Place(Schema):
    n = fields.Integer(required=True)
    turn = fields.Integer(required=True)


def step(context: ServiceContext, *, n: int, turn: int) -> dict[str, Any]:
    """Leave a row and a message to be sent; slow enough to be killed in the middle."""
    name = f"{n}-{turn}"
    audit.record(STEP, actor=context.actor, now=context.now, subject_type=KEY, subject_id=name)
    jobs.enqueue(SEND, {"name": name}, now=context.now)
    time.sleep(0.02)
    return {"turn": turn + 1}


def call(payload: Mapping[str, Any], _now: datetime) -> int:
    """Tell the receiver; raises where it cannot be reached."""
    headers = {"Idempotency-Key": payload["name"]}
    request = urllib.request.Request(os.environ[RECEIVER], data=b"", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return int(answer.status)


def sent(payload: Mapping[str, Any], now: datetime) -> None:
    """Note that it was told."""
    audit.record(SEND, actor=SYSTEM, now=now, subject_type=KEY, subject_id=payload["name"])


SERVICE = Service(STEP, "一步", "Step", step, inputs=Place)
KIND = JobKind(SEND, sent, effect=call, max_attempts=10, backoff=lambda _attempt: timedelta(seconds=1))

DIAGRAM = diagram(
    start(),
    gateway("again"),
    service("step", STEP, extensions(inputs={"n": "${n}", "turn": "${turn}"}), external=True),
    catch("wait", timer(f"PT{PAUSE.seconds}S")),
    gateway("more", default="f_more_e"),
    end(),
    chain("s", "again", "step", "wait", "more", "e"),
    flow("more", "again", f"turn < {ROUNDS}"),
    key=KEY,
)

registry.services.setdefault(STEP, SERVICE)
registry.jobs.setdefault(SEND, KIND)
