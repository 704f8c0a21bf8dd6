"""Pages of key accounts: my accounts, one account with its forms, panels beside, the yearly report."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.billing import operations as billing
from app.billing.models import Bill
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.keyaccounts import operations
from app.keyaccounts.models import BackupSupply
from app.keyaccounts.operations import AccountData, Supply
from app.keyaccounts.queries.accounts import find_account
from app.keyaccounts.queries.year import advice
from tests.customers.accounts import make_customer, make_meter, read
from tests.customers.test_page import statements
from tests.identity.factories import make_user, sign_in
from tests.keyaccounts.house import NUMBER, RECORD, House

PAGE = f"/key-accounts/{NUMBER}"


@pytest.fixture
def client_of_manager(house: House, client: FlaskClient) -> FlaskClient:
    sign_in(client, house.manager)
    return client


def test_a_customer_becomes_a_key_account(house: House, client_of_manager: FlaskClient) -> None:
    empty = client_of_manager.get("/key-accounts").text
    assert "暂无大客户" in empty
    refused = client_of_manager.post("/key-accounts", data={"number": "no such"})
    assert refused.status_code == 404
    assert "没有户号为" in refused.text
    assert client_of_manager.post("/key-accounts", data={"number": NUMBER, "mine": "1"}).status_code == 302
    assert "临江特钢" in client_of_manager.get("/key-accounts").text
    assert client_of_manager.post("/key-accounts", data={"number": NUMBER}).status_code == 409
    graded = client_of_manager.post(f"{PAGE}/importance", data={"consequence": "economic", "scale": "major"})
    assert graded.status_code == 302
    assert "一级重要客户" in client_of_manager.get(PAGE).text


def test_forms_keep_what_fits_and_show_what_does_not(house: House, client_of_manager: FlaskClient) -> None:
    house.account()
    view = find_account(NUMBER, on=house.now.date())
    assert view is not None
    sent = {"revision": str(view.revision), "contract_demand": "1,200", "security_load": "90", "active": "1"}
    assert client_of_manager.post(f"{PAGE}/contract", data=sent).status_code == 302
    for act, wrong in (
        ("contract", {"revision": str(view.revision + 1), "contract_demand": "viel"}),
        ("contract", {"revision": str(view.revision + 1), "contract_until": "morgen"}),
        ("contract", {"revision": str(view.revision + 1), "contract_demand": "NaN"}),
        ("manager", {"manager": "nobody"}),
        ("importance", {"consequence": ""}),
        ("supplies", {"kind_0": "generator", "capacity_0": "-5"}),
        ("visit", {"due": "", "purpose": "x"}),
        ("visit", {"due": "2020-01-01"}),
    ):
        answer = client_of_manager.post(f"{PAGE}/{act}", data=wrong)
        assert answer.status_code == 422, (act, wrong)
        assert "field-error" in answer.text
    rows = {"kind_0": "generator", "name_0": "柴油机", "capacity_0": "120", "minutes_0": "5", "interlocked_0": "1"}
    assert client_of_manager.post(f"{PAGE}/supplies", data=rows).status_code == 302
    session.rollback()
    supply = session.scalars(sa.select(BackupSupply)).one()
    assert (supply.capacity, supply.transfer_minutes, supply.interlocked) == (120, 5, True)
    assert client_of_manager.post(f"{PAGE}/plan").status_code == 302
    assert "待走访" not in client_of_manager.get(PAGE).text
    assert client_of_manager.post(f"{PAGE}/nonsense").status_code == 404


def test_pages_are_scoped(house: House, client: FlaskClient) -> None:
    house.account()
    sign_in(client, make_user(posts=[("account_manager", house.elsewhere)]))
    assert "临江特钢" not in client.get("/key-accounts?all=1").text
    for path in (PAGE, f"{PAGE}/report/2026.pdf"):
        assert client.get(path).status_code == 403
    assert client.post(f"{PAGE}/plan").status_code == 403
    sign_in(client, make_user(posts=[("crew", house.county)]))
    assert client.get(PAGE).status_code == 403
    sign_in(client, make_user(posts=[("department", house.county)]))
    assert client.get(PAGE).status_code == 200
    assert client.post(f"{PAGE}/plan").status_code == 403


def test_the_list_costs_the_same_for_many_accounts(house: House, client_of_manager: FlaskClient) -> None:
    house.account()
    counted = []
    for more in (0, 12):
        for number in range(more):
            made = make_customer(house.county, f"34{number:08d}", name=f"工厂{number}", kind="hv")
            house.do(operations.make_account, made.number, manager="manager1")
        session.rollback()
        client_of_manager.get("/key-accounts")
        with statements() as seen:
            assert client_of_manager.get("/key-accounts").status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_colleagues_see_the_account_beside_the_customer_and_the_task(
    house: House, client_of_manager: FlaskClient
) -> None:
    house.account()
    panels = client_of_manager.get(f"/customers/{NUMBER}/panels").text
    assert "顾经理" in panels
    assert PAGE in panels
    due = house.now.date() + timedelta(days=9)
    number = house.do(operations.plan_visit, NUMBER, due=due, purpose="")
    task = house.tasks(number)["visit"]
    assert PAGE in client_of_manager.get(f"/tasks/{task.id}").text


def a_year(house: House) -> None:
    """2025 with readings, bills, a visit of the next year."""
    db.run(lambda: billing.sync(actor=SYSTEM, now=house.now))
    house.account()
    view = find_account(NUMBER, on=house.now.date())
    assert view is not None
    data = AccountData(contract_demand=Decimal(1000), security_load=Decimal(100))
    house.do(operations.save_account, NUMBER, data, revision=view.revision)
    house.do(operations.save_supplies, NUMBER, [Supply(kind="generator", name="柴油机", capacity=Decimal(50))])
    meter = make_meter(house.customer, kind="demand", multiplier=Decimal(100), installed_on=date(2024, 1, 1))
    for place in range(25):
        day = date(2024 + place // 12, place % 12 + 1, 1)
        shown = 1000 * place
        read(
            meter,
            day,
            peak=shown * Decimal("0.5"),
            flat=shown * Decimal("0.4"),
            valley=shown * Decimal("0.1"),
            reactive=shown,
            demand=11,
        )
    for month in (11, 12):
        session.add(
            Bill(
                number=f"DF2025{month}",
                customer_id=house.customer.id,
                unit_path=house.county.path,
                period=f"2025{month}",
                from_on=date(2025, month, 1),
                to_on=date(2025, month, 28),
                energy=Decimal(100000),
                amount=Decimal("65000.50"),
                paid=Decimal("65000.50") if month == 11 else Decimal(0),
                state="paid" if month == 11 else "issued",
                issued_on=date(2025, month, 28),
                due_on=date(2026, 1, 10),
            )
        )
    session.commit()


def words(client: FlaskClient, path: str, folder: Path) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    (folder / "report.pdf").write_bytes(answer.data)
    command = [tool, "-layout", str(folder / "report.pdf"), "-"]
    return "".join(subprocess.run(command, capture_output=True, check=True, timeout=30).stdout.decode().split())


def test_the_yearly_report(house: House, client_of_manager: FlaskClient, tmp_path: Path) -> None:
    a_year(house)
    due = house.now.date() + timedelta(days=9)
    number = house.do(operations.plan_visit, NUMBER, due=due, purpose="")
    house.complete(number, "visit", **RECORD)
    text = words(client_of_manager, f"{PAGE}/report/2025.pdf", tmp_path)
    for part in (
        "临江特钢",
        "2025年度供电服务报告",
        "1,200,000千瓦时",
        "130,001.00元",
        "合同最大需量1,000千瓦",
        "0.71",
        "DF202512",
        "逾期",
        "柴油机",
        "功率因数低于0.90",
        "需量多次超过合同核定值",
        "应急电源容量不足",
        "全年未停电",
    ):
        assert part in text, part
    now = words(client_of_manager, f"{PAGE}/report/2026.pdf?lang=en", tmp_path)
    assert "Whomyoumet" in now
    assert "陈工" in now
    printed = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "keyaccount.report")).all()
    assert [entry.details["year"] for entry in printed] == [2025, 2026]
    assert client_of_manager.get(f"{PAGE}/report/2027.pdf").status_code == 404


def test_advice_says_nothing_of_what_is_not_known(house: House) -> None:
    unknown = dict.fromkeys(("demand_share", "load_factor", "power_factor", "valley_share", "backup_gap"))
    assert advice({**unknown, "hazards_open": 0.0, "late_bills": 0.0}, now=house.now) == []
    known = {"demand_share": 0.5, "load_factor": 0.6, "power_factor": 0.95, "valley_share": 0.3, "backup_gap": 0.0}
    assert len(advice({**known, "hazards_open": 1.0, "late_bills": 2.0}, now=house.now)) == 3
