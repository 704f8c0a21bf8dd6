"""Words of the grid: kinds of devices, states, what checks find."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

KIND: dict[str, LazyString] = {
    "substation": _l("Substation"),
    "source": _l("Infeed"),
    "busbar": _l("Busbar"),
    "feeder": _l("Feeder"),
    "feeder_breaker": _l("Feeder breaker"),
    "breaker": _l("Breaker"),
    "switch": _l("Load-break switch"),
    "fuse": _l("Fuse"),
    "line": _l("Line section"),
    "power_transformer": _l("Power transformer"),
    "junction": _l("Branching point"),
    "distribution_transformer": _l("Distribution transformer"),
    "lv_branch": _l("Low-voltage branch"),
    "meter_box": _l("Metering box"),
}

SORT: dict[str, LazyString] = {
    "substation": _l("Substations"),
    "node": _l("Nodes"),
    "branch": _l("Lines and main transformers"),
    "switch": _l("Switches"),
    "feeder": _l("Feeders"),
    "lv_branch": _l("Low-voltage branches"),
    "meter_box": _l("Meter boxes"),
    "customer": _l("Customers hung"),
    "created": _l("New in the database"),
    "changed": _l("Changed in the database"),
    "customers_moved": _l("Customers that hang elsewhere now"),
    "neighbours": _l("Devices of other units, left as they are"),
    "errors": _l("Errors"),
    "warnings": _l("Warnings"),
}

STATE: dict[str, LazyString] = {
    "closed": _l("Switch closed"),
    "open": _l("Switch open"),
    "partly": _l("Open in a phase"),
}
STATE_COLOUR = {"closed": "red", "open": "green", "partly": "orange"}
"""As on dispatchers' screens in China: red is closed and carries voltage, green is open."""

SOURCE: dict[str, LazyString] = {"person": _l("Entered by a person"), "scada": _l("Reported by a device")}

NOTE: dict[str, LazyString] = {
    "": _l("Counts"),
    "late": _l("Came too late: a later operation is known"),
    "clock_ahead": _l("The device's clock runs ahead"),
}

IMPORT_STATE: dict[str, LazyString] = {
    "checked": _l("Only checked"),
    "refused": _l("Refused, nothing imported"),
    "done": _l("Imported"),
}
IMPORT_COLOUR = {"checked": "blue", "refused": "red", "done": "green"}

ACCEPT: dict[str, LazyString] = {
    "loop": _l("Rings and infeeds in parallel"),
    "island": _l("Devices that nothing supplies"),
    "unsupplied": _l("Customers that hang where nothing supplies"),
}

SUPPLY: dict[str, LazyString] = {
    "live": _l("Energised"),
    "dead": _l("No voltage"),
    "partly": _l("Voltage in part of the phases"),
}
SUPPLY_COLOUR = {"live": "red", "dead": "grey", "partly": "orange"}

FORM: dict[str, LazyString] = {
    "plain": _l("Nodes and edges"),
    "wide": _l("A table for each sort"),
    "cim": _l("CIM (IEC 61970)"),
}

COLUMN: dict[str, LazyString] = {
    "code": _l("Code"),
    "name": _l("Name"),
    "name_en": _l("Name in English"),
    "unit_code": _l("Unit"),
    "phases": _l("Phases"),
    "valid_from": _l("In the grid since"),
    "valid_to": _l("Until (day not included)"),
    "kind": _l("Kind of device"),
    "voltage": _l("Voltage (kV)"),
    "substation_code": _l("Substation"),
    "infeed": _l("Power comes in here"),
    "address": _l("Address"),
    "lat": _l("Latitude (°)"),
    "lon": _l("Longitude (°)"),
    "capacity": _l("Rated capacity (kVA)"),
    "load": _l("Load (kW)"),
    "public": _l("Public transformer"),
    "from_code": _l("Stands from"),
    "to_code": _l("Stands to"),
    "length": _l("Length (km)"),
    "normal": _l("Normally closed phases"),
    "protective": _l("Trips by itself"),
    "remote": _l("Remotely controlled"),
    "breaker_code": _l("Feeder breaker"),
    "busbar_code": _l("Busbar"),
    "transformer_code": _l("Distribution transformer"),
    "parent_code": _l("Low-voltage branch above"),
    "lv_branch_code": _l("Low-voltage branch"),
    "line": _l("With the line"),
}

KIND_GIVEN: dict[str, LazyString] = {
    "source": _l("Infeed"),
    "busbar": _l("Busbar"),
    "junction": _l("Branching point"),
    "distribution_transformer": _l("Distribution transformer"),
    "line": _l("Overhead line"),
    "cable": _l("Cable line"),
    "power_transformer": _l("Power transformer"),
    "CB": _l("Feeder breaker"),
    "breaker": _l("Breaker"),
    "LBS": _l("Load-break switch"),
    "disconnector": _l("Disconnector switch"),
    "fuse": _l("Fuse"),
}
"""Kinds as they stand in files and rows."""

ONE: dict[str, LazyString] = {
    "substation": _l("Substation"),
    "node": _l("Node (busbar, branching point, transformer)"),
    "branch": _l("Line, cable or power transformer"),
    "switch": _l("Switch"),
    "feeder": _l("Feeder"),
    "lv_branch": _l("Low-voltage branch"),
    "meter_box": _l("Metering box"),
}

ACT: dict[str, LazyString] = {
    "network.device_change": _l("Device changed"),
    "network.device_add": _l("Device added"),
    "network.device_end": _l("Device ended"),
}

FINDING: dict[str, LazyString] = {
    "unreadable": _l("The file cannot be read: %(message)s"),
    "too_large": _l("The file is larger than %(limit)s MB."),
    "too_many": _l("There are more than %(limit)s objects."),
    "broken_xml": _l("This is no sound XML: %(message)s"),
    "document_type": _l("A document type declaration is not accepted."),
    "no_cim": _l("There are no objects of a grid in the file."),
    "unknown_sheet": _l("This sheet or file name is none of ours; see the help for the names."),
    "unknown_column": _l("This sort of device has no such column."),
    "double_column": _l("The column comes twice."),
    "missing_column": _l("The column is missing."),
    "bad_cell": _l("The cell holds an error or a formula that was never computed: %(value)s"),
    "no_code": _l("The code is missing."),
    "too_long": _l("Longer than %(limit)s characters: %(column)s"),
    "bad_value": _l("“%(value)s” cannot be a value of %(column)s."),
    "bad_kind": _l("“%(value)s” is no kind; allowed are %(allowed)s."),
    "never_valid": _l("Ends before it begins to be valid."),
    "duplicate": _l("The code comes twice, first at %(first)s."),
    "other_sort": _l("There is a device of another sort (%(sort)s) with this code."),
    "overlap": _l("A version valid since %(since)s covers the same days."),
    "unknown_unit": _l("There is no unit %(unit)s."),
    "not_yours": _l("You may not change the grid of unit %(unit)s."),
    "unknown_node": _l("Refers to %(code)s, which nobody knows."),
    "missing": _l("The value is missing: %(column)s"),
    "both_ends": _l("Both ends are %(end)s."),
    "open_without_switch": _l("Normally open, but no switch is named at either end."),
    "hangs_nowhere": _l("Neither a meter box nor a transformer is named."),
    "unknown_customer": _l("There is no customer of this number."),
    "loop": _l("A ring that is normally closed, over %(switches)s."),
    "parallel": _l("Infeeds %(sources)s are normally connected, over %(switches)s."),
    "island": _l("%(count)s connected devices that nothing supplies: %(codes)s"),
    "unsupplied": _l("The customer hangs on %(code)s, which nothing supplies."),
    "dangling": _l("An end that leads nowhere."),
    "exists": _l("There is a device with this code already (%(sort)s)."),
    "not_valid_then": _l("The device is not in the grid on %(day)s."),
    "later_version": _l("A later version begins on %(since)s: change that one first."),
    "still_named": _l("%(count)s devices still hang on it or name it: %(codes)s"),
    "left_without": _l("%(count)s customers would be without supply, on %(codes)s"),
    "unplaced": _l("%(count)s customers hang on transformers that the grid does not know: %(codes)s"),
    "dark": _l("%(count)s customers hang on transformers that nothing supplies: %(codes)s"),
}


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """What a finding says, in the reader's language."""
    told = {name: str(SORT.get(value, value)) if name == "sort" else value for name, value in params.items()}
    if "column" in told:
        told["column"] = str(COLUMN.get(str(told["column"]), told["column"]))
    return str(FINDING[code]) % told if params else str(FINDING[code])


def value(column: str, given: Any) -> str:
    """A value of a device's column as people read it."""
    if isinstance(given, bool):
        return str(_l("Yes") if given else _l("No"))
    if column == "normal" and given == "":
        return str(_l("None: normally open"))
    if given in (None, ""):
        return "–"
    if isinstance(given, float):
        return f"{given:.6f}".rstrip("0").rstrip(".") if column in {"lat", "lon"} else f"{given:g}"
    if column == "valid_from" and str(given) == "1900-01-01":
        return str(_l("The beginning"))
    return str(KIND_GIVEN.get(given, given)) if column == "kind" else str(given)
