"""Names of other things: prompts (both ways), look-ups with their inputs, processes, messages, queues, documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from app.kernel.registry import Lookup
from app.telephony.ivr.flow import Flow, FlowSet, Node
from app.telephony.ivr.linting.known import Known
from app.telephony.ivr.linting.walking import finding, misses_in, prompt_keys
from app.telephony.ivr.problems import Problem
from app.telephony.ivr.verbs import hours, notice

OWN_LOOKUPS = {"hours": hours.LOOKUP, "notice": notice.LOOKUP}


def check(flows: FlowSet, known: Known) -> Iterator[Problem]:
    """Every node of the set."""
    yield from _prompts(flows, known)
    for flow in flows:
        for node in flow.nodes.values():
            yield from _lookups(flow, node, known)
            yield from _registered(flow, node, known)


def _prompts(flows: FlowSet, known: Known) -> Iterator[Problem]:
    if known.prompts is None:
        return
    used: set[str] = set(known.used_elsewhere)
    for place, (flow, node, keys) in enumerate(_users(flows)):
        for key in sorted(set(keys)):
            used.add(key)
            for language, prompts in known.prompts.items():
                if key not in prompts:
                    message = _("prompt %(key)s has no text in %(language)s", key=key, language=language)
                    if flow is not None:
                        yield finding(flow, node, "unknown_prompt", message)
                    else:
                        yield Problem("defaults.yaml", "", "unknown_prompt", "error", message, place + 1)
    for language, prompts in known.prompts.items():
        for key in sorted(prompts - used):
            message = _("prompt %(key)s is played by no flow", key=key)
            yield Problem(f"prompts/{language}.yaml", key, "unused_prompt", "warning", message)


def _users(flows: FlowSet) -> Iterator[tuple[Flow | None, Node | None, list[str]]]:
    yield None, None, [key for misses in misses_in(flows.defaults) for key in prompt_keys(misses)]
    for flow in flows:
        yield flow, None, [key for misses in misses_in(flow.handlers) for key in prompt_keys(misses)]
        for node in flow.nodes.values():
            yield flow, node, list(prompt_keys(node.spec))


def asked_by(node: Node) -> Iterator[tuple[str, frozenset[str]]]:
    """Look-ups that a node asks, with the names of the inputs it gives."""
    spec = node.spec
    if node.kind == "hours":
        yield hours.LOOKUP, frozenset({"name"})
    elif node.kind == "notice":
        own = frozenset({"name"}) if spec["lookup"] == notice.LOOKUP else frozenset()
        yield spec["lookup"], own | frozenset(spec["inputs"])
    elif node.kind == "lookup":
        yield spec["lookup"], frozenset(spec["inputs"])
    elif node.kind == "gather" and "check" in spec:
        yield spec["check"]["lookup"], frozenset(spec["check"]["inputs"])


def _lookups(flow: Flow, node: Node, known: Known) -> Iterator[Problem]:
    if known.lookups is None:
        return
    for name, given in asked_by(node):
        lookup = known.lookups.get(name)
        if lookup is None:
            yield finding(flow, node, "unknown_lookup", _("no look-up is registered as %(name)s", name=name))
        else:
            yield from _inputs(flow, node, lookup, given)


def _inputs(flow: Flow, node: Node, lookup: Lookup, given: frozenset[str]) -> Iterator[Problem]:
    if lookup.inputs is None:
        return
    fields = lookup.inputs().fields
    wanted = {field.data_key or name: field for name, field in fields.items()}
    for name in sorted(given - set(wanted)):
        message = _("look-up %(lookup)s has no input %(name)s", lookup=lookup.name, name=name)
        yield finding(flow, node, "unknown_input", message)
    for name, field in wanted.items():
        if field.required and name not in given:
            message = _("look-up %(lookup)s needs the input %(name)s", lookup=lookup.name, name=name)
            yield finding(flow, node, "missing_input", message)


def _registered(flow: Flow, node: Node, known: Known) -> Iterator[Problem]:
    rows: tuple[tuple[str, str, Iterable[str] | None, str], ...] = (
        ("start_process", "process", known.processes, _("there is no process %(name)s")),
        ("message", "message", known.messages, _("no process waits for a message %(name)s")),
        ("queue", "queue", known.queues, _("there is no queue %(name)s")),
        ("callback", "queue", known.queues, _("there is no queue %(name)s")),
        ("webhook", "webhook", known.webhooks, _("no endpoint is called %(name)s")),
        ("fax_send", "document", known.documents, _("there is no document %(name)s to fax")),
        ("hours", "hours", known.hours, _("no opening hours are called %(name)s")),
        ("notice", "notice", known.notices, _("no notice is called %(name)s")),
    )
    for kind, key, names, words in rows:
        if node.kind == kind and names is not None and node.spec[key] not in names:
            if kind == "notice" and node.spec["lookup"] != notice.LOOKUP:
                continue
            yield finding(flow, node, f"unknown_{key}", words.replace("%(name)s", node.spec[key]))
