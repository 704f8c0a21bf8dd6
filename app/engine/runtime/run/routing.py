"""Where messages and signals go that a diagram throws. `messages` sets the router: it runs commands itself."""

from __future__ import annotations

from collections.abc import Callable

from app.engine.elements.host import Throw
from app.engine.runtime.run.active import Run

Router = Callable[[Run, Throw], None]

_routers: list[Router] = []


def set_router(router: Router) -> None:
    _routers[:] = [router]


def route(run: Run, throw: Throw) -> None:
    """Give what the run has thrown to whoever waits for it."""
    for router in _routers:
        router(run, throw)
