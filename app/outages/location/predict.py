"""The five rules on one feeder: from calls to transformers, and up from device to device."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.outages.location.ladder import Ladder
from app.outages.location.scene import Group, Network, Reason, Report, Scene
from app.outages.location.thresholds import Thresholds


@dataclass(slots=True)
class Prediction:
    """A device believed to have failed: since when, by which calls and reasons, with how many steps to the source."""

    device: str
    started_at: datetime
    reports: list[Report]
    reasons: list[Reason] = field(default_factory=list)


def predict(network: Network, scene: Scene, thresholds: Thresholds) -> list[Group]:
    """The groups of a feeder, computed anew from all its reports."""
    reports = sorted(scene.reports, key=lambda report: (report.at, report.id))
    opened, rest = _below_open_switches(network, scene, reports)
    return [*opened, *_Feeder(network, scene, thresholds, rest, _covered(opened)).groups()]


def _below_open_switches(network: Network, scene: Scene, reports: Sequence[Report]) -> tuple[list[Group], list[Report]]:
    """A known open switch says more than any number of calls: what is below it belongs to it."""
    below: dict[str, list[Report]] = {code: [] for code in sorted(scene.opened)}
    rest = []
    above: dict[str, str | None] = {}
    for report in reports:
        if report.transformer not in above:
            above[report.transformer] = network.open_above(report.transformer)
        switch = above[report.transformer]
        if switch is None:
            rest.append(report)
        else:
            below.setdefault(switch, []).append(report)
    groups, covered = [], set(scene.taken)
    for switch, calls in below.items():
        covers = frozenset(network.transformers_under(switch)) - covered
        if not calls and not covers:
            continue
        covered |= covers
        started = min([scene.opened[switch]] if switch in scene.opened else [call.at for call in calls])
        facts = {"calls": len(calls), "transformers": len(covers)}
        reason = Reason("open_switch", switch, facts)
        groups.append(Group(switch, _ids(calls), covers, started, (reason,), real=True))
    return groups, rest


class _Feeder:
    """The prediction of what is left once open switches have explained their part."""

    def __init__(
        self,
        network: Network,
        scene: Scene,
        thresholds: Thresholds,
        reports: Sequence[Report],
        covered: frozenset[str],
    ) -> None:
        self._network, self._scene, self._thresholds = network, scene, thresholds
        self._separation = thresholds.minutes("separation")
        self._covered = scene.taken | covered
        self._at: dict[str, list[Report]] = {}
        for report in reports:
            self._at.setdefault(report.transformer, []).append(report)
        self._ladder = Ladder(network, self._at, scene.alive)
        self._found: dict[str, Prediction] = {}
        self._apart: list[Prediction] = []

    def groups(self) -> list[Group]:
        """Device outages, nearest the customers first, then single customers."""
        for transformer in sorted(self._at):
            self._judge_transformer(transformer)
        for device in self._ladder.devices():
            self._judge_device(device)
        self._judge_feeder()
        predictions = [*self._apart, *(self._found[code] for code in self._ladder.deepest_first(self._found))]
        return [*self._device_groups(predictions), *self._service_groups(predictions)]

    def _judge_transformer(self, transformer: str) -> None:
        """Rule: enough callers within the window, or all customers there are."""
        if transformer in self._covered:
            return
        customers = self._network.customers_under(transformer)
        for cluster in self._clusters(self._at[transformer]):
            callers = len({report.caller for report in cluster})
            together = _most_within(cluster, self._thresholds)
            if self._vetoed(transformer, cluster[0].at):
                continue
            enough = together >= self._thresholds.calls
            if not enough and not 0 < customers <= callers:
                continue
            taken_in = [report for report in self._at[transformer] if report.at >= cluster[0].at]
            rule = "calls" if enough else "all_customers"
            facts = {
                "calls": callers,
                "needed": self._thresholds.calls,
                "window": self._thresholds.window,
                "customers": customers,
            }
            reason = Reason(rule, transformer, facts)
            self._found[transformer] = Prediction(transformer, cluster[0].at, taken_in, [reason])
            return

    def _judge_device(self, device: str) -> None:
        """Rule: enough of its children, at about the same time, and no meter below that has power."""
        below = list(self._below(device))
        cluster = self._largest(below)
        children = self._ladder.children_count(device)
        needed = max((self._needed(each.device) for each in cluster), default=1)
        if len(cluster) < needed or len(cluster) < self._thresholds.share * children:
            return
        if self._vetoed(device, cluster[0].started_at):
            return
        facts = {
            "predicted": len(cluster),
            "needed": needed,
            "children": children,
            "percent": round(100 * len(cluster) / children) if children else 100,
            "share": round(100 * self._thresholds.share),
        }
        self._move_up(device, cluster, below, Reason("children", device, facts))

    def _below(self, device: str) -> Iterable[Prediction]:
        """The predicted children; a device with one child alone is as good as that child."""
        for code in self._ladder.children_with_calls(device):
            if code in self._found:
                yield self._found[code]
            elif self._ladder.is_passage(code):
                yield from self._below(code)

    def _judge_feeder(self) -> None:
        """Rule: too many separate predictions on one feeder mean its breaker."""
        most, head = self._thresholds.predictions, self._ladder.head
        if not most or not head or head in self._found:
            return
        below = list(self._found.values())
        cluster = self._largest(below)
        if len(cluster) < most or self._vetoed(head, cluster[0].started_at):
            return
        facts = {"predicted": len(cluster), "needed": most}
        self._move_up(head, cluster, below, Reason("feeder", head, facts))

    def _move_up(self, device: str, cluster: list[Prediction], below: list[Prediction], reason: Reason) -> None:
        started = cluster[0].started_at
        for each in below:
            del self._found[each.device]
        older = [each for each in below if each.started_at < started]
        self._apart += older
        kept_apart = {report.id for each in self._apart for report in each.reports}
        since = started - self._separation
        reports = [
            report
            for transformer in self._ladder.transformers_with_calls(device)
            for report in self._at[transformer]
            if report.at >= since and report.id not in kept_apart
        ]
        reasons = [step for each in cluster for step in each.reasons] + [reason]
        self._found[device] = Prediction(device, min(report.at for report in reports), reports, reasons)

    def _needed(self, child: str) -> int:
        kind = self._network.info(child).kind
        if kind == "distribution_transformer":
            return self._thresholds.min_children
        return self._thresholds.laterals if kind == "fuse" else self._thresholds.backbone

    def _vetoed(self, device: str, since: datetime) -> bool:
        """Whether a meter below the device has told since then that it has power."""
        alive = self._ladder.alive_below(device)
        return alive is not None and alive >= since

    def _clusters(self, reports: Sequence[Report]) -> list[list[Report]]:
        """Reports without a pause longer than the separation."""
        found: list[list[Report]] = []
        for report in reports:
            if found and report.at - found[-1][-1].at <= self._separation:
                found[-1].append(report)
            else:
                found.append([report])
        return found

    def _largest(self, predictions: Iterable[Prediction]) -> list[Prediction]:
        """Most predictions that began without a long pause between them; of two as large the later, present one."""
        best: list[Prediction] = []
        present: list[Prediction] = []
        for each in sorted(predictions, key=lambda one: (one.started_at, one.device)):
            if present and each.started_at - present[-1].started_at > self._separation:
                present = []
            present = [*present, each]
            if len(present) >= len(best):
                best = present
        return best

    def _device_groups(self, predictions: Sequence[Prediction]) -> list[Group]:
        groups, covered = [], set(self._covered)
        for each in predictions:
            covers = frozenset(self._network.transformers_under(each.device)) - covered
            covered |= covers
            groups.append(Group(each.device, _ids(each.reports), covers, each.started_at, tuple(each.reasons)))
        return groups

    def _service_groups(self, predictions: Sequence[Prediction]) -> list[Group]:
        """Rule: one caller alone is a service outage."""
        explained = {report.id for each in predictions for report in each.reports}
        alone: dict[str, list[Report]] = {}
        for reports in self._at.values():
            for report in reports:
                if report.id not in explained:
                    alone.setdefault(report.caller, []).append(report)
        return [_service(caller, calls, self._thresholds) for caller, calls in sorted(alone.items())]


def _service(caller: str, calls: list[Report], thresholds: Thresholds) -> Group:
    calls = sorted(calls, key=lambda call: (call.at, call.id))
    facts = {"calls": 1, "needed": thresholds.calls, "window": thresholds.window}
    reason = Reason("single", calls[0].transformer, facts)
    return Group("", _ids(calls), frozenset(), calls[0].at, (reason,), caller=caller)


def _most_within(reports: Sequence[Report], thresholds: Thresholds) -> int:
    """The most different callers within any window."""
    window, best, first = thresholds.minutes("window"), 0, 0
    for last, report in enumerate(reports):
        while report.at - reports[first].at > window:
            first += 1
        best = max(best, len({each.caller for each in reports[first : last + 1]}))
    return best


def _ids(reports: Iterable[Report]) -> tuple[int, ...]:
    return tuple(sorted(report.id for report in reports))


def _covered(groups: Iterable[Group]) -> frozenset[str]:
    return frozenset(code for group in groups for code in group.covers)
