"""What nodes are called, for pages that tell which way a call went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.kernel.i18n import localized
from app.telephony.ivr.flow import Flow
from app.telephony.ivr.verbs import VERBS
from app.telephony.queries.flows import NothingPublished, flow_set, nodes_of


def titles(passed: Iterable[tuple[str, str, str]]) -> Mapping[tuple[str, str, str], str]:
    """What nodes (flow, version, node) are called in the reader's language; without those that have no title."""
    wanted = set(passed)
    flows = nodes_of((flow, version) for flow, version, _node in wanted) if wanted else {}
    found = {key: _title(flows.get((key[0], key[1])), key[2]) for key in wanted}
    return {key: title for key, title in found.items() if title}


def titles_now(places: Iterable[str]) -> Mapping[str, str]:
    """The same of `flow/node` by the flows in force."""
    try:
        flows = flow_set()
    except NothingPublished:
        return {}
    found = {}
    for place in set(places):
        flow, _slash, node = place.partition("/")
        found[place] = _title(flows.flows.get(flow), node)
    return {place: title for place, title in found.items() if title}


def kind_title(kind: str) -> str:
    """What a kind of node is called."""
    verb = VERBS.get(kind)
    return str(verb.title) if verb else kind


def _title(flow: Flow | None, node: str) -> str:
    if flow is None or node not in flow.nodes:
        return ""
    entry = flow.nodes[node]
    title = localized(entry.title, entry.title_en)
    return f"{localized(flow.title, flow.title_en)} · {title}" if title else ""
