"""Outages below a distribution transformer: of a low-voltage branch (低压分支) or a meter box (表箱).

Their customers are few and come from the grid in memory, by id: rows of premises name the transformer, not the branch.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from app.kernel.actor import Actor
from app.kernel.db import session
from app.network.grid import Grid
from app.outages.models import PREDICTION, Outage, OutageCustomer
from app.outages.operations import absorbing, members


def customers(devices: Iterable[str], grid: Grid) -> list[int]:
    """The customers below those of these devices that are of low voltage."""
    return sorted({each for code in devices if grid.low_under(code) for each in grid.customer_ids(code)})


def covered(devices: Iterable[str], grid: Grid) -> set[str]:
    """The branches and meter boxes at and below those of these devices that are of low voltage."""
    return {code for device in devices for code in grid.low_under(device)}


def take(outage: Outage, devices: Iterable[str], grid: Grid, *, out_at: datetime) -> None:
    """Everybody below the low-voltage devices who is in no other active outage is out."""
    members.take_customers(outage, customers(devices, grid), out_at=out_at)


def take_in(target: Outage, device: str, grid: Grid, *, actor: Actor, now: datetime) -> None:
    """Take in the single customers' predictions from below a low-voltage device."""
    below = customers([device], grid)
    alone = session.scalars(
        sa.select(Outage)
        .join(OutageCustomer, OutageCustomer.outage_id == Outage.id)
        .where(
            OutageCustomer.customer_id.in_(below),
            OutageCustomer.active,
            Outage.kind == "probable_service",
            PREDICTION,
            Outage.id != target.id,
        )
        .order_by(Outage.id)
    ).all()
    for outage in dict.fromkeys(alone):
        absorbing.absorb(outage, target, actor=actor, now=now)
