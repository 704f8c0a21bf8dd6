"""The grid through the API: devices, states of switches, and SCADA's reports of operations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_smorest import Blueprint

from app.api.network_schemas import DeviceOut, DeviceQuery, Devices, SwitchReport, SwitchResult, SwitchState
from app.api.schemas import Problem
from app.api.setup import PREFIX
from app.identity import authority
from app.identity.session import current_actor
from app.kernel import clock
from app.kernel.errors import NotFound
from app.network.grid import UnknownDevice, current
from app.network.operations import UnknownSwitch, switch
from app.network.queries import devices as queries
from app.web.access import requires
from app.web.security import limiter

READ = "network.read"
blueprint = Blueprint("grid", "grid", url_prefix=f"{PREFIX}/network", description="The grid model")


class DeviceNotFound(NotFound):
    """There is no such device, or not in the caller's units."""

    code = "unknown_device"


@blueprint.get("/devices")
@requires(READ)
@blueprint.arguments(DeviceQuery, location="query")
@blueprint.response(200, Devices)
@blueprint.alt_response(422, schema=Problem)
def list_devices(query: dict[str, Any]) -> dict[str, Any]:
    """Devices by words of their code, name or address."""
    return {"devices": queries.search(query["q"], now=clock.now(), paths=_paths())}


@blueprint.get("/devices/<code>")
@requires(READ)
@blueprint.response(200, DeviceOut)
@blueprint.alt_response(404, schema=Problem)
def get_device(code: str) -> dict[str, Any]:
    """One device with what lies above and below it, as switches stand now."""
    view = _view(code)
    device, here = view.device, current(clock.now())
    return {
        "code": device.code,
        "name": device.name,
        "kind": device.kind,
        "unit": device.unit_code,
        "feeder": device.feeder,
        "feeder_now": view.feeder_now,
        "substation": device.substation,
        "lat": device.lat,
        "lon": device.lon,
        "phases": device.phases,
        "live_phases": view.live_phases,
        "state": view.state,
        "position": view.position,
        "normal": view.normal,
        "protective": device.protective,
        "customers": device.customers,
        "open_above": view.open_above.code if view.open_above else None,
        "upstream": here.upstream(code),
        "children": here.children(code),
        "transformers": here.transformers_under(code),
    }


@blueprint.get("/switches/<code>")
@requires(READ)
@blueprint.response(200, SwitchState)
@blueprint.alt_response(404, schema=Problem)
def get_switch(code: str) -> dict[str, Any]:
    """How a switch stands."""
    view, here = _view(code), current(clock.now())
    if not view.position:
        raise UnknownSwitch(code)
    return {
        "code": code,
        "present": here.state(code),
        "normal": here.normal(code),
        "energised": here.energised(code),
    }


@blueprint.post("/switches/<code>")
@requires("network.switch")
@limiter.limit("6000/minute")
@blueprint.arguments(SwitchReport)
@blueprint.response(200, SwitchResult)
@blueprint.alt_response(404, schema=Problem)
@blueprint.alt_response(422, schema=Problem)
def report_switch(sent: dict[str, Any], code: str) -> Any:
    """A switch was operated, as SCADA or a device tells; telling it again under the same `event_id` changes nothing."""
    now, actor = clock.now(), current_actor()
    return switch(
        code,
        sent["state"],
        sent["phases"],
        reason=sent["reason"],
        source="scada",
        key=f"{actor.ref}:{sent['event_id']}"[:120],
        device_at=_corrected(sent["at"], sent["sent_at"], now),
        actor=actor,
        now=now,
    )


def _corrected(at: datetime | None, sent_at: datetime | None, now: datetime) -> datetime | None:
    """When it happened by our clock, where the device says what its own showed as it sent."""
    if at is None or sent_at is None or sent_at < at:
        return at
    try:
        return now - (sent_at - at)
    except OverflowError:
        return None


def _view(code: str) -> queries.DeviceView:
    try:
        return queries.device_view(code, now=clock.now(), paths=_paths())
    except UnknownDevice:
        raise DeviceNotFound(f"there is no device {code!r}") from None


def _paths() -> list[str]:
    return authority.paths(current_actor(), READ, now=clock.now())
