"""A stage for all tests of this folder, and two services for its diagrams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask_babel import force_locale

from app import create_app
from app.engine.scenarios.stage import Stage, stage
from app.kernel.registry import Service, ServiceContext, registry
from app.kernel.settings import Settings


def _unused(_context: ServiceContext, **_inputs: Any) -> Mapping[str, Any]:
    raise AssertionError("a scenario must not reach the real service")


SERVICES = (
    Service("story.mark", "登记", "Mark", _unused, errors=("NO_CREW",), inline=True),
    Service("story.sms", "短信", "Text message", _unused),
)


@pytest.fixture
def english(place: Stage) -> Iterator[None]:
    """Messages in the language of the msgids, so that tests can name them."""
    with force_locale("en"):
        yield


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One stage for the whole test run: it puts itself back for each scenario."""
    settings = Settings(
        environment="test", instance=tmp_path_factory.mktemp("stage"), secret_key="x", password_salt="y"
    )
    with registry.temporarily(*SERVICES), stage(create_app, settings) as found:
        yield found
