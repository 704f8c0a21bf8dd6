"""Calls without a place in the grid group by the zone of their address."""

from __future__ import annotations

from collections.abc import Sequence

from app.outages.location.scene import Group, Reason, Report
from app.outages.location.thresholds import Thresholds


def zones(zone: str, reports: Sequence[Report], thresholds: Thresholds) -> list[Group]:
    """The groups of one zone: reports that follow each other within the zone's window belong together.

    From `zone_calls` callers on a group is the zone's; below that each caller's own.
    """
    window = thresholds.minutes("zone_window")
    clusters: list[list[Report]] = []
    for report in sorted(reports, key=lambda each: (each.at, each.id)):
        if clusters and report.at - clusters[-1][-1].at <= window:
            clusters[-1].append(report)
        else:
            clusters.append([report])
    return [group for cluster in clusters for group in _groups(zone, cluster, thresholds)]


def _groups(zone: str, cluster: list[Report], thresholds: Thresholds) -> list[Group]:
    callers: dict[str, list[Report]] = {}
    for report in cluster:
        callers.setdefault(report.caller, []).append(report)
    facts = {"calls": len(callers), "needed": thresholds.zone_calls, "window": thresholds.zone_window, "zone": zone}
    if len(callers) >= thresholds.zone_calls:
        ids = tuple(sorted(report.id for report in cluster))
        return [Group("", ids, frozenset(), cluster[0].at, (Reason("zone", "", facts),), zone=zone)]
    return [
        Group(
            "",
            tuple(sorted(report.id for report in own)),
            frozenset(),
            own[0].at,
            (Reason("zone_single", "", facts),),
            caller=caller,
        )
        for caller, own in sorted(callers.items())
    ]
