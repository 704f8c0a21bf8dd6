"""Who re-forms the groups of a feeder is alone with it."""

from __future__ import annotations

from sqlalchemy.orm.exc import StaleDataError

from app.kernel import db
from app.kernel.db import session
from app.network.grid import Grid
from app.outages.models import Outage


def hold(outage: Outage, grid: Grid, *devices: str | None) -> None:
    """Wait until nobody else re-forms the groups of this outage's feeder or of these devices; keep others out.

    The outage is read again: it may have changed while we waited.
    """
    names = {f"outages of {outage.feeder_code}" if outage.feeder_code else f"outages of zone {outage.zone}"}
    for device in devices:
        if device and grid.has(device):
            names.add(f"outages of {grid.feeder_of(device) or grid.info(device).feeder}")
    for name in sorted(names):
        db.alone(name)
    session.flush()
    revision = outage.revision
    session.refresh(outage)
    if outage.revision != revision:
        raise StaleDataError(f"outage {outage.number} changed while we waited")
