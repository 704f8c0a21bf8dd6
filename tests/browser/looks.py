"""Looking at a page as its readers do: with a screen reader's rules, on a desk's and on a phone's width."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "app/web/frontend/node_modules/axe-core/axe.min.js"
WIDTHS = {"phone": (390, 844), "desk": (1366, 768)}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def violations(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds against WCAG 2.1 AA, a line each. `without` names selectors of others' widgets."""
    page.evaluate(AXE.read_text())  # through the debugger: the page's own policy stays in force
    where: dict[str, Any] = {"exclude": [[selector] for selector in without]} if without else {}
    found = page.evaluate(
        "([where, tags]) => axe.run(Object.keys(where).length ? where : document, {runOnly: tags})", [where, TAGS]
    )
    return [f"{one['id']}: {one['help']}: {_places(one)}" for one in found["violations"]]


def _places(violation: dict[str, Any]) -> list[str]:
    return [f"{node['html'][:200]} {node['failureSummary']}" for node in violation["nodes"][:5]]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def check_page(page: Page, *, without: tuple[str, ...] = ()) -> None:
    """Accessible and within the width, on a desk and on a phone; the window is left as it was."""
    before = page.viewport_size
    for name, (width, height) in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        found = violations(page, without=without)
        assert not found, f"{name}: " + "\n".join(found)
        assert overflow(page) <= 0, f"{name}: the page is {overflow(page)} px too wide"
    if before:
        page.set_viewport_size(before)
