"""Tariffs loaded into the test's database."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.billing.accounts import prepare_rules


@pytest.fixture
def rules(app: Flask) -> None:
    prepare_rules()
