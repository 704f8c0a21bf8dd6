"""The standard posts, the demo organisation and the commands that load them."""

from __future__ import annotations

import copy
import stat
from dataclasses import replace

import orjson
import pytest
import sqlalchemy as sa
import yaml
from flask import Flask

from app.identity import demo, permissions, queries, standard
from app.identity.models import Appointment, OrgUnit, User
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.settings import Settings
from tests.identity.factories import PASSWORD, make_unit


@pytest.fixture
def settings(app: Flask) -> Settings:
    return app.extensions["lightline.settings"]


def test_every_permission_of_the_file_is_defined_and_every_role_is_used(app: Flask) -> None:
    content = standard.read()
    used = {role for post in content["posts"].values() for role in post["roles"]}
    held = {name for role in content["roles"].values() for name in role["permissions"]}
    assert used == set(content["roles"])
    assert held == set(content["permissions"])
    assert {permission.name for permission in permissions.all_permissions()} >= held


def test_sync_makes_rows_like_the_file_and_is_idempotent(app: Flask) -> None:
    content = copy.deepcopy(standard.read())
    assert standard.sync(content) == standard.sync(content)
    content["roles"]["staff"]["permissions"] = ["order.read"]
    standard.sync(content)
    posts = {post.code: post for post in queries.list_posts()}
    assert list(posts) == list(content["posts"])
    assert posts["crew"].permissions == ["crew.work", "customer.reveal", "network.read", "order.read", "outage.read"]


@pytest.mark.parametrize(("section", "code", "key"), [("roles", "staff", "permissions"), ("posts", "agent", "roles")])
def test_sync_refuses_names_nobody_defines(app: Flask, section: str, code: str, key: str) -> None:
    content = copy.deepcopy(standard.read())
    content[section][code][key].append("misspelt")
    with pytest.raises(standard.BadStandard, match="misspelt"):
        standard.sync(content)


def test_a_permission_means_one_thing(app: Flask) -> None:
    known = permissions.get("order.create")
    assert known is not None
    permissions.define(known.name, known.title, known.title_en)
    with pytest.raises(permissions.DuplicatePermission):
        permissions.define("order.create", "别的", "Something else")
    assert permissions.is_privileged("nobody.defined")


def test_the_demo_is_made_once(app: Flask, settings: Settings, clock: FrozenClock) -> None:
    runner = app.test_cli_runner()
    first = orjson.loads(runner.invoke(args=["identity", "demo", "--json"]).stdout)
    counts = [session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (OrgUnit, User, Appointment)]
    again = orjson.loads(runner.invoke(args=["identity", "demo", "--json"]).stdout)
    session.rollback()
    assert first == again
    assert counts == [
        session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (OrgUnit, User, Appointment)
    ]
    content = yaml.safe_load(demo.DEMO.read_text(encoding="utf-8"))
    named = [name for name, entry in content["users"].items() if entry.get("named")]
    assert [account["username"] for account in first["accounts"]] == named
    path = settings.instance / demo.PASSWORD_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    client = app.test_client()
    for account in first["accounts"]:
        data = {"username": account["username"], "password": first["password"]}
        assert client.post("/sign-in", data=data).status_code == 302
        client.post("/sign-out")


def test_every_county_of_the_demo_has_somebody_at_every_post_of_a_repair(app: Flask, clock: FrozenClock) -> None:
    demo.load(PASSWORD)
    counties = [unit for unit in queries.subtree(at=clock.now()) if unit.kind == "county"]
    assert len(counties) == 4
    for unit in counties:
        for post in ("dispatcher", "crew_leader", "crew", "reviewer", "callback", "supervisor", "head", "department"):
            assert queries.members_of(f"{post}@{unit.code}", at=clock.now()), f"{post}@{unit.code}"


def test_no_demo_in_production(settings: Settings) -> None:
    with pytest.raises(demo.NoDemoHere):
        demo.password(replace(settings, environment="production"))


def test_users_create_opens_an_account_with_posts(app: Flask, clock: FrozenClock) -> None:
    standard.sync(standard.read())
    make_unit("C")
    runner = app.test_cli_runner()
    command = ["users", "create", "bob", "--name", "鲍勃", "--unit", "C", "--post", "agent@C", "--json"]
    made = orjson.loads(runner.invoke(args=[*command, "--password", PASSWORD]).stdout)
    session.rollback()
    assert queries.groups_of(made["id"], at=clock.now()) == {"agent@C"}
    refused = runner.invoke(args=[*command, "--password", PASSWORD])
    assert refused.exit_code == 1
    assert "username" in refused.stderr
