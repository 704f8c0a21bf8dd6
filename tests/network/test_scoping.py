"""The organisation tree over the grid: what a steward exports, imports and reads is that of their units."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from app.kernel import db
from app.kernel.db import session
from app.network import grid
from app.network.importing.given import DEVICES, GivenGrid
from app.network.importing.reading import Source, read
from app.network.importing.stored import stored
from app.network.models import Feeder, GridBranch, GridNode, GridSwitch
from app.network.versions import new_structure
from tests.identity.factories import make_tree, make_user, sign_in
from tests.network.factories import NOW, load_oberrhein


@pytest.fixture
def units(app: Flask) -> dict[str, object]:
    """The grid belongs to P-A-X, but for two feeders, which are P-B-X's."""
    made = make_tree()
    mine, other = made["P-A-X"], made["P-B-X"]
    load_oberrhein(unit=(mine.code, mine.path))
    topology = grid.current(NOW).topology
    feeders = [place for place, group in enumerate(topology.feeders) if group.code.startswith("319-")]
    codes = [code for place, code in enumerate(topology.codes) if topology.feeder[place] in feeders]
    codes += [
        f.code
        for f in topology.switches
        if max(topology.feeder[topology.one[f.edge]], topology.feeder[topology.two[f.edge]]) in feeders
    ]
    codes += [topology.feeders[place].code for place in feeders]

    def give() -> None:
        for model in (GridNode, GridBranch, GridSwitch, Feeder):
            session.execute(
                sa.update(model).where(model.code.in_(codes)).values(unit_code=other.code, unit_path=other.path)
            )
        new_structure()

    db.run(give)
    return dict(made)


def exported(client: FlaskClient, kind: str, folder: Path) -> Path:
    answer = client.get(f"/network/export.{kind}")
    assert answer.status_code == 200
    path = folder / f"grid.{kind}"
    path.write_bytes(answer.data)
    answer.close()
    return path


def plainly(given: GivenGrid) -> list[tuple[object, ...]]:
    """All that there is, degrees as exactly as a workbook keeps them."""

    def value(one: object) -> object:
        return round(one, 9) if isinstance(one, float) else one

    return [
        (r.code, r.name, r.name_en, r.unit_code, r.phases, *((k, value(v)) for k, v in sorted(r.values.items())))
        for name in DEVICES
        for r in given.of(name)
    ]


def upload(client: FlaskClient, path: Path, unit: str, **more: str) -> str:
    client.get("/network?lang=en")
    sent = {"unit": unit, "files": [(io.BytesIO(path.read_bytes()), path.name)], **more}
    return client.post("/network/imports", data=sent, follow_redirects=True).data.decode()


def test_a_steward_exports_their_units_and_the_way_to_the_source(
    client: FlaskClient, units: dict[str, object], tmp_path: Path
) -> None:
    sign_in(client, make_user(posts=[("grid_steward", units["P-B"])]))  # type: ignore[list-item]
    path = exported(client, "xlsx", tmp_path)
    found = read([Source(path.name, path)]).grid
    everything = stored(None)
    own = {name: {r.code for r in everything.of(name) if r.unit_code == "P-B-X"} for name in DEVICES}
    there = {name: {r.code for r in found.of(name)} for name in DEVICES}
    assert own["feeder"] == there["feeder"]
    assert all(own[name] <= there[name] for name in DEVICES)
    others = {r.code for name in DEVICES for r in found.of(name) if r.unit_code != "P-B-X"}
    whole = {r.code for name in DEVICES for r in everything.of(name) if r.unit_code != "P-B-X"}
    assert others
    assert len(others) < len(whole) / 4
    named = {
        r.get(c)
        for name in ("branch", "switch", "feeder")
        for r in found.of(name)
        for c in ("from_code", "to_code", "breaker_code", "busbar_code", "substation_code")
        if r.get(c)
    }
    assert named <= {code for codes in there.values() for code in codes}


@pytest.mark.parametrize("kind", ["xlsx", "xml"])
def test_what_a_steward_exported_imports_again_and_leaves_neighbours_alone(
    client: FlaskClient, units: dict[str, object], tmp_path: Path, kind: str
) -> None:
    sign_in(client, make_user(posts=[("grid_steward", units["P-B"])]))  # type: ignore[list-item]
    path = exported(client, kind, tmp_path)
    before = stored(None)
    page = upload(client, path, "P-B-X")
    assert "Devices of other units, left as they are" in page
    assert "badge-state is-green" in page
    session.rollback()
    assert plainly(stored(None)) == plainly(before)


def test_an_import_takes_nothing_from_another_unit(
    client: FlaskClient, units: dict[str, object], tmp_path: Path
) -> None:
    sign_in(client, make_user(posts=[("grid_steward", units["P-B"])]))  # type: ignore[list-item]
    path = exported(client, "xlsx", tmp_path)
    book = load_workbook(path)
    sheet = book["变电站"]
    sheet.cell(2, 2).value = "我的变电站"
    book.save(path)
    assert "You may not change the grid of unit" in upload(client, path, "P-B-X")
    foreign = session.scalars(sa.select(GridSwitch.code).where(GridSwitch.unit_code == "P-A-X")).first()
    row = session.scalars(sa.select(GridSwitch).where(GridSwitch.code == foreign)).one()
    thief = tmp_path / "switches.csv"
    thief.write_text(
        f"code,kind,from_code,to_code,unit_code\n{row.code},{row.kind},{row.from_code},{row.to_code},P-B-X\n",
        encoding="utf-8",
    )
    assert "You may not change the grid of unit P-A-X" in upload(client, thief, "P-B-X")
    session.expire_all()
    assert session.scalars(sa.select(GridSwitch.unit_code).where(GridSwitch.code == foreign)).one() == "P-A-X"


def test_reports_of_other_units_are_not_there(client: FlaskClient, units: dict[str, object], tmp_path: Path) -> None:
    mine = make_user(posts=[("grid_steward", units["P-B"])])  # type: ignore[list-item]
    top = make_user(posts=[("grid_steward", units["P"])])  # type: ignore[list-item]
    other = make_user(posts=[("grid_steward", units["P-A"])])  # type: ignore[list-item]
    path = tmp_path / "busbars.csv"
    path.write_text("code,name,infeed\nNB1,新母线,1\n", encoding="utf-8")
    sign_in(client, mine)
    upload(client, path, "P-B-X", dry_run="1")
    address = "/network/imports/1"
    for user, seen in ((mine, 200), (top, 200), (other, 404)):
        sign_in(client, user)
        assert client.get(address).status_code == seen
        assert (b"busbars.csv" in client.get("/network/imports").data) is (seen == 200)
    assert client.get("/network/imports/99").status_code == 404


def test_the_tree_names_a_neighbours_substation_without_a_way_there(
    client: FlaskClient, units: dict[str, object]
) -> None:
    sign_in(client, make_user(posts=[("dispatcher", units["P-B-X"])]))  # type: ignore[list-item]
    page = client.get("/network").data.decode()
    substation = next(
        group
        for group in grid.current(NOW).substations
        if f"/network/devices/{group.code}" not in page and group.name in page
    )
    assert client.get(f"/network/devices/{substation.code}").status_code == 404
    assert client.get("/network/feeders/319-F1/diagram").status_code == 200
    strange = next(group.code for group in grid.current(NOW).feeders if not group.code.startswith("319-"))
    assert client.get(f"/network/feeders/{strange}/diagram").status_code == 404
    for line in page.split('href="/network/devices/')[1:]:
        assert client.get("/network/devices/" + line.partition('"')[0]).status_code == 200
