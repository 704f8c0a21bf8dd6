"""Two flows between the same two elements are two ways for tokens: SpiffWorkflow, which knows steps only, sees one.

A step that only passes on is put into every such flow but the first.
"""

from __future__ import annotations

from lxml.etree import _Element

from app.engine.definitions.normalize.build import add, connect, flows, scopes


def rewrite(root: _Element) -> None:
    for scope in scopes(root):
        known: set[tuple[str | None, str | None]] = set()
        for flow in flows(scope):
            ends = (flow.get("sourceRef"), flow.get("targetRef"))
            if ends in known:
                through = add(scope, "intermediateThrowEvent", id=f"{flow.get('id')}.through").get("id", "")
                flow.set("targetRef", through)
                connect(scope, through, ends[1] or "")
            known.add(ends)
