"""As `shifted`, with a service that counts itself: what several machines did together is added up from its rows."""

from __future__ import annotations

import os
import time
from typing import Any

from marshmallow import Schema, fields

from app.kernel import audit
from app.kernel.registry import Service, ServiceContext, registry
from tests.engine.diagrams import catch, chain, diagram, end, extensions, service, start, timer

NAME = "faults.count"
KEY = "counted"


class Number(Schema):
    n = fields.Integer(required=True)


def count(context: ServiceContext, *, n: int) -> dict[str, Any]:
    """Leave a row in the transaction that ends the job; slow enough to be killed in the middle."""
    time.sleep(0.05)
    step, where = context.element_id, {"pid": os.getpid()}
    audit.record(NAME, actor=context.actor, now=context.now, subject_type=step, subject_id=n, details=where)
    return {}


SERVICE = Service(NAME, "计数", "Count", count, inputs=Number)

DIAGRAM = diagram(
    start(),
    service("before", NAME, extensions(inputs={"n": "${n}"}), external=True),
    catch("wait", timer("PT3S")),
    service("after", NAME, extensions(inputs={"n": "${n}"}), external=True),
    end(),
    chain("s", "before", "wait", "after", "e"),
    key=KEY,
)
"""An external job, a timer and a job again."""

registry.services.setdefault(NAME, SERVICE)
