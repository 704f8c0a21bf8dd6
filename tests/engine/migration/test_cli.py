"""`flask definitions migrate`: a dry run, the migration, exit status, one JSON object an instance."""

from __future__ import annotations

import json
from typing import Any

from app.kernel.db import session
from tests.engine.diagrams import diagram, line, user
from tests.engine.migration.mover import Mover

TWO = diagram(line(user("a"), user("b"), ids=("a", "b")))
OTHER = diagram(line(user("a"), user("c"), ids=("a", "c")))


def invoke(app: Any, *args: str) -> Any:
    session.remove()
    return app.test_cli_runner().invoke(args=["definitions", "migrate", "p", "--from", "1", "--to", "2", *args])


def test_a_dry_run_names_element_and_reason_and_changes_nothing(app: Any, drive: Mover) -> None:
    drive.deploy(p=TWO)
    instance = drive.start()
    drive.complete(instance.id, "a")
    drive.deploy(p=OTHER)
    result = invoke(app, "--dry-run")
    assert result.exit_code == 1
    assert result.stdout == f"{instance.id} refused\n"
    assert result.stderr.startswith(f"{instance.id}:b: ")
    assert drive.version(instance.id) == 1


def test_a_migration_says_what_became_of_each(app: Any, drive: Mover) -> None:
    drive.deploy(p=TWO)
    instance = drive.start()
    drive.complete(instance.id, "a")
    drive.deploy(p=OTHER)
    result = invoke(app, "--map", "b=c", "--json", "--reason", "renamed")
    assert result.exit_code == 0, result.output
    (line_,) = [json.loads(text) for text in result.stdout.splitlines()]
    assert (line_["instance_id"], line_["state"]) == (instance.id, "moved")
    assert drive.tasks(instance.id) == ["c"]


def test_a_wrong_plan_is_said_on_standard_error(app: Any, drive: Mover) -> None:
    drive.deploy(p=TWO)
    drive.start()
    drive.deploy(p=OTHER)
    for args in (["--map", "x=c"], ["--map", "b"], ["--to", "9"]):
        result = invoke(app, *args)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("p: ")
