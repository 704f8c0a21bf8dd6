"""Demo customers can prove who they are on the line."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from flask import Flask

from app.customers import demo
from app.customers.fictive.words import words
from app.customers.models import Customer
from app.customers.operations.identifying import check_caller
from app.identity.demo import NoDemoHere
from app.kernel import db, settings
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from tests.conftest import START
from tests.identity.factories import make_unit


def test_every_demo_customer_has_the_query_password_that_is_printed(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        for code in list(words()["places"])[:4]:
            make_unit(code)
        session.commit()
        demo.load(count=6)
        here = dataclasses.replace(settings.current(), instance=tmp_path)
        caller = db.run(lambda: demo.give_password(here))
        assert caller is not None
        assert db.run(lambda: demo.give_password(here)) == caller
        assert session.query(Customer).filter_by(query_password_hash="").count() == 0
        numbers = [number for (number,) in session.query(Customer.number)]
        for number in numbers:
            checked = check_caller(number, "password", caller.password, actor=SYSTEM, now=START)
            assert checked.outcome == "passed"
        assert caller.account_no in numbers


def test_no_demo_password_in_production(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        here = dataclasses.replace(settings.current(), instance=tmp_path, environment="production")
        with pytest.raises(NoDemoHere):
            demo.give_password(here)
        assert not (tmp_path / demo.PASSWORD_FILE).exists()
