"""Imports in three forms: the published files as they are, there and back again, and all that can be wrong."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask

import app.network.demo as demo
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.network import grid
from app.network.exporting import write_cim, write_csv, write_workbook
from app.network.importing.given import GivenGrid
from app.network.importing.reading import Source
from app.network.importing.stored import stored
from app.network.models import GridNode, GridSwitch
from app.network.operations import Imported, import_grid
from tests.customers.accounts import make_customer
from tests.identity.factories import make_unit
from tests.network.factories import NOW

OBERRHEIN = Path(demo.__file__).parent / "oberrhein"
FILES = (OBERRHEIN / "nodes.csv", OBERRHEIN / "edges.csv")


def bring(*paths: Path, **options: object) -> Imported:
    """Import files in a transaction of their own."""
    sources = [Source(path.name, path) for path in paths]
    return db.run(lambda: import_grid(sources, actor=SYSTEM, now=NOW, **options))  # type: ignore[arg-type]


def plainly(given: GivenGrid) -> dict[str, list[tuple[Any, ...]]]:
    """All that the records say, comparable."""
    return {
        name: sorted(
            (
                r.code,
                r.name,
                r.name_en,
                r.phases,
                tuple(sorted((k, v) for k, v in r.values.items() if v not in ("", None))),
            )
            for r in records
        )
        for name, records in given.records.items()
    }


def errors(done: Imported) -> set[tuple[str, str]]:
    return {(each.code, each.element) for each in done.findings if each.severity == "error"}


def table(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


SWITCHES = ("K1,CB,B,L1,ABC,1", "K2,LBS,T1,L2,ABC,0")


def small(folder: Path) -> list[Path]:
    """A substation with one feeder, two transformers and a tie to nowhere yet."""
    return [
        table(folder, "substations.csv", "code,name", "S,城关变"),
        table(folder, "busbars.csv", "code,name,voltage,substation_code,infeed", "B,10kV母线,10,S,1"),
        table(folder, "transformers.csv", "编码,名称,电压kV,经度,纬度", "T1,东门变,10,120.1,30.2", "T2,西门变,10,,"),
        table(folder, "线路.csv", "code,from_code,to_code,length", "L1,B,T1,0.4", "L2,T1,T2,0.3"),
        table(
            folder,
            "switches.csv",
            "code,kind,from_code,to_code,normal,protective",
            "K1,CB,B,L1,ABC,1",
            "K2,LBS,T1,L2,ABC,0",
        ),
        table(folder, "feeders.csv", "code,name,breaker_code,busbar_code,substation_code", "F,10kV风雷一线,K1,B,S"),
        table(folder, "lv_branches.csv", "code,transformer_code,phases", "D1,T1,A", "D2,T2,ABC"),
        table(folder, "meter_boxes.csv", "code,transformer_code,lv_branch_code", "X1,T1,D1", "X2,T2,D2", "X3,T2,"),
    ]


@pytest.mark.databases
def test_the_published_files_are_imported_as_they_are(app: Flask) -> None:
    done = bring(*FILES)
    assert (done.state, done.form, done.errors) == ("done", "plain", 0)
    assert done.counts["node"] == 179
    assert done.counts["branch"] == 183
    assert done.counts["switch"] == 24 + 2 + 14 + 2 * 2 + 133 * 2 + 6 * 2
    again = bring(*FILES)
    assert (again.counts["created"], again.counts["changed"]) == (0, 0)


def test_a_dry_run_writes_nothing_but_its_report(app: Flask) -> None:
    assert bring(*FILES, dry_run=True).state == "checked"
    assert session.query(GridNode).count() == 0


@pytest.mark.parametrize("form", ["csv", "xlsx", "xlsx_en", "cim"])
def test_what_is_exported_imports_again_unchanged(app: Flask, tmp_path: Path, form: str) -> None:
    bring(*small(tmp_path))
    bring(*FILES)
    before = stored(None)
    if form == "csv":
        paths = write_csv(before, tmp_path / "out")
    else:
        paths = [tmp_path / ("grid.xml" if form == "cim" else "grid.xlsx")]
        with paths[0].open("wb") as stream:
            if form == "cim":
                write_cim(before, stream)
            else:
                write_workbook(before, stream, chinese=form == "xlsx")
    done = bring(*paths)
    assert errors(done) == set()
    assert done.counts["created"] == 0
    if form != "cim":
        assert done.counts["changed"] == 0
        assert plainly(stored(None)) == plainly(before)
    else:  # CIM knows no own words for a feeder breaker and for a private transformer
        after, known = plainly(stored(None)), plainly(before)
        assert {name: len(rows) for name, rows in after.items()} == {name: len(rows) for name, rows in known.items()}
        assert [row[0] for row in after["node"]] == [row[0] for row in known["node"]]
        assert [dict(row[4])["kind"] for row in after["node"]] == [dict(row[4])["kind"] for row in known["node"]]
        assert _ends(after["switch"]) == _ends(known["switch"])
        assert after["meter_box"] == known["meter_box"]
        assert after["lv_branch"] == known["lv_branch"]


def _ends(rows: list[tuple[Any, ...]]) -> list[tuple[str, str]]:
    return [(dict(row[4])["from_code"], dict(row[4])["to_code"]) for row in rows]


def test_the_wider_form_builds_a_grid_down_to_the_customer(app: Flask, tmp_path: Path) -> None:
    unit = make_unit("U")
    number = make_customer(unit=unit).number
    hung = table(tmp_path, "customers.csv", "户号,表箱编码", f"{number},X1")
    done = bring(*small(tmp_path), hung, unit_code="U")
    assert errors(done) == set()
    assert done.counts["customers_moved"] == 1
    here = grid.current(NOW)
    (customer,) = here.customer_ids("F")
    assert here.transformer_of(customer) == "T1"
    assert here.place_of(customer) == "X1"
    assert here.upstream("X1") == ("K1",)
    assert here.upstream("X2") == ("K2", "K1")
    assert here.info("X1").phases == "ABC"
    assert here.info("T1").unit_code == "U"


@pytest.mark.parametrize(
    ("name", "lines", "found"),
    [
        ("transformers.csv", ["code,voltage", "T1,10", "T1,10", "T2,10"], ("duplicate", "T1")),
        ("线路.csv", ["code,from_code,to_code", "L1,B,T1", "L2,T1,T9"], ("unknown_node", "L2")),
        ("线路.csv", ["code,from_code,to_code", "L1,B,T1", "L2,T1,T2", "L3,T2,B"], ("loop", "L1")),
        ("线路.csv", ["code,from_code,to_code", "L1,B,T1"], ("unknown_node", "K2")),
        ("switches.csv", ["code,kind,from_code,to_code,normal", "K1,CB,B,L1,"], ("island", "T1")),
        ("switches.csv", ["code,kind,from_code,to_code", "K1,NO,B,L1"], ("bad_kind", "K1")),
        ("switches.csv", ["code,kind,from_code,to_code,normal", "K1,CB,B,L1,XYZ"], ("bad_value", "K1")),
        ("switches.csv", ["code,kind,from_code,to_code", "K1,CB,B,B"], ("both_ends", "K1")),
        ("feeders.csv", ["code,breaker_code", "F,K9"], ("unknown_node", "F")),
        ("feeders.csv", ["code,breaker_code,unit_code", "F,K1,NOWHERE"], ("unknown_unit", "F")),
        ("meter_boxes.csv", ["code,transformer_code", "X1,T9"], ("unknown_node", "X1")),
        (
            "meter_boxes.csv",
            ["code,transformer_code,valid_to", "X1,T1,1850-01-01"],
            ("never_valid", "X1"),
        ),
        ("busbars.csv", ["code,voltage,lat", "B,10,99"], ("bad_value", "B")),
        ("busbars.csv", ["code,colour", "B,red"], ("unknown_column", "colour")),
        ("colours.csv", ["code", "B"], ("unknown_sheet", "colours")),
        ("customers.csv", ["number,meter_box", "4711,X1"], ("unknown_customer", "4711")),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    app: Flask, tmp_path: Path, name: str, lines: list[str], found: tuple[str, str]
) -> None:
    paths = {path.name: path for path in small(tmp_path)}
    paths[name] = table(tmp_path, name, *lines)
    done = bring(*paths.values())
    assert done.state == "refused"
    assert found in {(code, element) for code, element in errors(done)} or found[0] in {
        code for code, _ in errors(done)
    }
    assert session.query(GridSwitch).count() == 0
    assert all(each.place for each in done.findings if each.severity == "error")


def test_a_ring_is_imported_where_somebody_says_so(app: Flask, tmp_path: Path) -> None:
    paths = {path.name: path for path in small(tmp_path)}
    ring = ["code,from_code,to_code", "L1,B,T1", "L2,T1,T2", "L3,T2,B"]
    paths["线路.csv"] = table(tmp_path, "线路.csv", *ring)
    assert bring(*paths.values(), accept=["loop"]).state == "done"
    assert len(grid.current(NOW).loops()) == 1


def test_versions_of_a_device_follow_each_other(app: Flask, tmp_path: Path) -> None:
    bring(*small(tmp_path))
    later = table(tmp_path, "transformers.csv", "code,name,voltage,valid_from", "T1,新名,10,2026-06-01")
    assert errors(bring(later)) == {("overlap", "T1")}
    both = ["code,name,voltage,valid_from,valid_to", "T1,东门变,10,,2026-06-01", "T1,新名,10,2026-06-01,"]
    later = table(tmp_path, "transformers.csv", *both)
    assert errors(bring(later)) == set()
    assert grid.current(NOW).info("T1").name == "东门变"
    assert grid.current(NOW.replace(month=6)).info("T1").name == "新名"


def test_a_name_that_looks_like_a_formula_stays_a_name(app: Flask, tmp_path: Path) -> None:
    bring(table(tmp_path, "substations.csv", "code,name", "S,=1+1"))
    path = tmp_path / "grid.xlsx"
    with path.open("wb") as stream:
        write_workbook(stored(None), stream)
    done = bring(path)
    assert (done.state, done.counts["changed"]) == ("done", 0)
    assert stored(None).of("substation")[0].name == "=1+1"


def test_xml_with_a_document_type_is_refused(app: Flask, tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a xmlns:rdf="r"><b>&x;</b></a>'
    assert errors(bring(table(tmp_path, "bad.xml", bomb))) == {("document_type", "")}
    assert errors(bring(table(tmp_path, "half.xml", "<a><b>"))) == {("broken_xml", "")}
    assert errors(bring(table(tmp_path, "other.xml", "<a><b/></a>"))) == {("no_cim", "")}


def test_the_command_says_file_element_and_message(app: Flask, tmp_path: Path) -> None:
    for path in FILES:
        shutil.copy(path, tmp_path)
    edges = tmp_path / "edges.csv"
    edges.write_text(
        edges.read_text(encoding="utf-8").replace("L0,Line 0,line,238,109", "L0,Line 0,line,238,777"), "utf-8"
    )
    runner = app.test_cli_runner()
    arguments = ["network", "import", str(tmp_path / "nodes.csv"), str(edges)]
    refused = runner.invoke(args=arguments)
    assert refused.exit_code == 1
    assert "edges.csv:L0: " in refused.stderr
    as_json = runner.invoke(args=[*arguments, "--json"])
    assert as_json.exit_code == 1
    assert orjson.loads(as_json.stdout)["state"] == "refused"
    fine = runner.invoke(args=["network", "import", *map(str, FILES)])
    assert (fine.exit_code, fine.stdout[:4]) == (0, "done")
    for name in ("grid.xlsx", "grid.xml", "folder"):
        assert runner.invoke(args=["network", "export", str(tmp_path / name)]).exit_code == 0
