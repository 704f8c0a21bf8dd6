"""Which stored outage each computed group is: numbers that people have read out must not jump about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from app.outages.location import Group
from app.outages.models import Outage
from app.outages.operations.grouping.reading import Ours


def match(groups: Sequence[Group], ours: Ours) -> list[tuple[Group, Outage | None]]:
    """Each group with the stored outage that holds most of its calls, of several the earliest; None for a new one.

    A group without calls (an open switch) is the outage of its device. No outage is given twice.
    """
    free = dict(ours.outages)
    found: list[tuple[Group, Outage | None]] = []
    by_device = {outage.device_code: outage for outage in ours.outages.values() if outage.device_code}
    for group in sorted(groups, key=_largest_first):
        outage = _holder(group, ours, free) or _same_device(group, by_device, free)
        if outage is not None:
            del free[outage.id]
        found.append((group, outage))
    return found


def _largest_first(group: Group) -> tuple[int, int, str]:
    return (-len(group.reports), min(group.reports, default=0), group.device)


def _holder(group: Group, ours: Ours, free: Mapping[int, Outage]) -> Outage | None:
    held: Counter[int] = Counter()
    for call_id in group.reports:
        outage_id = ours.calls[call_id].outage_id
        if outage_id is not None and outage_id in free:
            held[outage_id] += 1
    if not held:
        return None
    return free[min(held, key=lambda outage_id: (-held[outage_id], outage_id))]


def _same_device(group: Group, by_device: Mapping[str, Outage], free: Mapping[int, Outage]) -> Outage | None:
    outage = by_device.get(group.device) if group.device else None
    return outage if outage is not None and outage.id in free else None
