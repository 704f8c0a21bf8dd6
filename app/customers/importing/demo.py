"""Demo imports: three profiles, a file that went in and one with bad rows, as a data steward sees them."""

from __future__ import annotations

import io
from typing import Any

import sqlalchemy as sa

from app.customers.importing import operations
from app.customers.importing.models import ImportProfile
from app.customers.importing.operations import ProfileData
from app.customers.importing.profiles import Column, Content
from app.customers.importing.reading import Layout
from app.customers.operations.codes import sync_codes
from app.identity import queries as people
from app.kernel import clock, db, jobs
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session

_CUSTOMERS = {
    "number": "户号",
    "name": "户名",
    "address": "用电地址",
    "unit_code": "供电单位",
    "kind": "客户类型",
    "voltage": "电压等级",
    "contract_capacity": "合同容量",
    "opened_on": "立户日期",
    "phone": "联系电话",
}
_READINGS = {"meter_number": "表号", "read_on": "抄表日期", "total": "示数"}
_CONTACTS = {"customer_number": "户号", "name": "联系人", "phone": "电话", "role": "类型"}

PROFILES: tuple[tuple[str, str, dict[str, str], Layout], ...] = (
    ("营销系统客户档案", "customers", _CUSTOMERS, Layout(encoding="gb18030", delimiter=",")),
    ("集抄系统抄表示数", "readings", _READINGS, Layout()),
    ("供电所联系人登记表", "contacts", _CONTACTS, Layout(formulas="refuse")),
)

GOOD = (
    (
        "3309900001",
        "周晓燕",
        "临江区滨湖路18号3幢2单元501室",
        "GM-LJ-BH",
        "居民",
        "220V",
        "8",
        "2026年1月8日",
        "13857100901",
    ),
    (
        "3309900002",
        "吴国强",
        "临江区滨湖路18号3幢2单元502室",
        "GM-LJ-BH",
        "居民",
        "220V",
        "8",
        "2026-1-8",
        "138 5710 0902",
    ),
    (
        "3309900003",
        "临江百味餐饮店",
        "临江区城关街道解放路66号",
        "GM-LJ-QS",
        "低压非居民",
        "380V",
        "30",
        "20260112",
        "0571-88002203",
    ),
)
BAD = (
    ("3309900004", "郑玉兰", "临江区城关街道中山路9号", "GM-LJ-QS", "居民", "220V", "8", "2026/2/30", "13857100904"),
    ("3309900005", "", "临江区城关街道中山路11号", "GM-LJ-QS", "居民", "220V", "12,5", "2026-02-03", "13857100905"),
    ("3309900006", "何建军", "临江区城关街道中山路13号", "GM-LJ-ZZ", "商铺", "220V", "8", "3/2/2026", "8888"),
    ("3309900007", "马丽", "临江区城关街道中山路15号", "GM-LJ-QS", "居民", "220V", "8", "2026-02-05", "13857100907"),
)


def load() -> int:
    """Make profiles and imports where there are none; returns how many imports were made."""
    now = clock.now()
    db.run(lambda: sync_codes(actor=SYSTEM, now=now))
    steward = people.user_view("steward")
    known = session.scalar(sa.select(ImportProfile.id).limit(1))
    session.rollback()
    if steward is None or known is not None:
        return 0
    actor = Actor(kind="user", id=steward.id, username=steward.username, name=steward.name)
    profiles = [db.run(lambda one=one: _save(*one, actor=actor)) for one in PROFILES]  # type: ignore[misc]
    for name, rows, at_once in (("新装客户20260112.csv", GOOD, True), ("新装客户20260205.csv", BAD, False)):
        db.run(lambda name=name, rows=rows, at_once=at_once: _import(profiles[0], name, rows, at_once, actor))  # type: ignore[misc]
        while jobs.run_due(clock.now(), 20):
            pass
    return 2


def _save(name: str, target: str, columns: dict[str, str], layout: Layout, *, actor: Actor) -> int:
    words = {"商铺": "lv_business"} if target == "customers" else {}
    mapped = tuple(
        Column(field, header=header, words=words if field == "kind" else {}) for field, header in columns.items()
    )
    content = Content(mapped, source="marketing" if target == "customers" else "import", layout=layout)
    return operations.save_profile(ProfileData(name, target, content, "首版"), actor=actor, now=clock.now()).id


def _import(profile: int, name: str, rows: Any, at_once: bool, actor: Actor) -> None:
    now = clock.now()
    lines = [tuple(_CUSTOMERS.values()), *(tuple(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows)]
    content = "\r\n".join(",".join(line) for line in lines).encode("gb18030")
    row = operations.receive(io.BytesIO(content), name, profile_id=profile, at_once=at_once, actor=actor, now=now)
    operations.begin_check(row.id, actor=actor, now=now)
