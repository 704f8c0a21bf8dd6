"""The order on paper, masked for those without the right, and noted in the audit trail."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.kernel.audit import AuditEntry
from app.kernel.db import session
from tests.identity.factories import sign_in
from tests.workorders.house import House


def words(client: FlaskClient, number: str, folder: Path, language: str = "zh") -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    answer = client.get(f"/orders/{number}.pdf?lang={language}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    path = folder / "sheet.pdf"
    path.write_bytes(answer.data)
    text = subprocess.run([tool, "-layout", str(path), "-"], capture_output=True, check=True, timeout=30).stdout
    return "".join(text.decode().split())


def test_the_whole_order_is_on_it(house: House, client: FlaskClient, tmp_path: Path) -> None:
    number = house.accept().number
    house.to_callback(number)
    house.complete(number, "call", "callback", callback_result="restored", satisfaction="satisfied")
    sign_in(client, house.people["agent"])
    text = words(client, number, tmp_path)
    for part in (number, "王芳", "13800138000", "清除树枝", "45分钟", "达标", "满意", "抢修一班"):
        assert part in text, part
    printed = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "order.printed")).one()
    assert (printed.subject_id, printed.actor) == (number, "agent1")


def test_numbers_are_masked_and_english_is_complete(house: House, client: FlaskClient, tmp_path: Path) -> None:
    number = house.accept().number
    sign_in(client, house.people["reviewer"])
    text = words(client, number, tmp_path, "en")
    assert "13800138000" not in text
    assert "138****8000" in text
    assert "Notcalledbackyet" in text


def test_another_units_people_get_none(house: House, client: FlaskClient) -> None:
    number = house.accept().number
    sign_in(client, house.people["other_dispatcher"])
    assert client.get(f"/orders/{number}.pdf").status_code == 403
    assert client.get("/orders/GD209901010001.pdf").status_code == 404
