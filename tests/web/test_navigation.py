"""The menu shows what a person may open, and where they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.web import navigation
from app.web.access import set_checker

pytestmark = pytest.mark.own_app


class Checker:
    """Somebody with these permissions."""

    def __init__(self, *permissions: str) -> None:
        self.permissions = set(permissions)

    def is_signed_in(self) -> bool:
        return True

    def has_any(self, permissions: tuple[str, ...]) -> bool:
        return bool(self.permissions & set(permissions))

    def challenge(self) -> str:
        return "sign in"


@pytest.fixture(autouse=True)
def entries(app: Flask) -> Iterator[None]:
    before = dict(navigation._entries)
    navigation._entries.clear()
    for name in ("orders", "jobs"):
        app.add_url_rule(f"/{name}", name, lambda: "")
    navigation.add("jobs", "Jobs", "clock", ["job.manage"], "admin", 20)
    navigation.add("orders", "Orders", "list", (), "work", 10)
    navigation.add("not.installed", "Nothing", "x", (), "work", 10)
    yield
    navigation._entries.clear()
    navigation._entries.update(before)


def test_only_what_one_may_open(app: Flask) -> None:
    with app.test_request_context("/"):
        set_checker(app, Checker())
        assert [link.label for section in navigation.sections() for link in section.links] == ["Orders"]
        set_checker(app, Checker("job.manage"))
        assert [link.label for section in navigation.sections() for link in section.links] == ["Orders", "Jobs"]


@pytest.mark.parametrize(("path", "current"), [("/orders", True), ("/orders/5", True), ("/orders-old", False)])
def test_where_one_is(app: Flask, path: str, current: bool) -> None:
    with app.test_request_context(path):
        set_checker(app, Checker())
        assert navigation.links("work")[0].current is current


def test_an_unknown_section_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="section"):
        navigation.add("orders", "Orders", "list", (), "nowhere")
