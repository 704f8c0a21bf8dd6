"""Every page of this package is answered, in both languages, without a browser."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.identity.factories import make_tree, make_user, sign_in

PAGES = [
    "/profile",
    "/profile/password",
    "/profile/two-factor",
    "/profile/tokens",
    "/profile/absence",
    "/units",
    "/units/1",
    "/units/new",
    "/units/new?parent=2",
    "/users",
    "/users?q=tree&unit=1&post=agent&state=active",
    "/users/new",
    "/users/1",
    "/posts",
    "/audit",
    "/audit?actor=admin&subject=P-A&action=unit.&since=2020-01-01&until=2030-01-01",
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_an_administrator_sees_every_page(app: Flask, client: FlaskClient, address: str, lang: str) -> None:
    make_tree()
    sign_in(client, make_user("root", posts=[("admin", None)], name="管理员", name_en="Administrator"))
    answer = client.get(f"{address}{'&' if '?' in address else '?'}lang={lang}")
    assert answer.status_code == 200
    assert ("Administrator" if lang == "en" else "管理员") in answer.text


@pytest.mark.parametrize("address", ["/sign-in", "/sign-in?lang=en"])
def test_anybody_sees_the_sign_in_page(app: Flask, client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_nobody_else_sees_them(app: Flask, client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=/")


def test_the_cursor_waits_in_the_first_field_that_is_still_empty(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    assert page.count("autofocus") == 1
    assert page.index('name="username"') < page.index("autofocus") < page.index('name="password"')
