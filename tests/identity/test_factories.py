"""The factories other packages' tests build on."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from app.identity import queries
from app.kernel.clock import FrozenClock
from tests.identity.factories import make_tree, make_unit, make_user, sign_in


def test_a_made_user_has_the_groups_of_their_posts(app: Flask, clock: FrozenClock) -> None:
    tree = make_tree()
    user = make_user(posts=[("dispatcher", tree["P-A"]), ("agent", tree["P"])])
    assert queries.groups_of(user.id, at=clock.now()) == {"dispatcher@P-A", "agent@P"}


def test_a_made_user_may_be_signed_in(app: Flask, client: FlaskClient) -> None:
    user = make_user(posts=[("agent", make_unit())])
    sign_in(client, user)
    assert client.post("/sign-out").status_code == 302
    assert client.post("/sign-out").location.startswith("/sign-in")
