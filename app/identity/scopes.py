"""What an API token narrows its user's rights to, for the length of one request.

Set by `identity.session` when a token authenticates; `queries.rights` asks it, so that
no operation deep below a view can do more for a token than the token's scopes say. It is
the one thing rights depend on that is not an argument: forgetting to pass it on would
widen a token silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Scopes = frozenset[str] | None

_scopes: ContextVar[Scopes] = ContextVar("lightline_scopes", default=None)


def allow(permission: str) -> bool:
    """Whether the caller's token covers this permission (True where there is no token)."""
    scopes = _scopes.get()
    return scopes is None or permission in scopes


def hold(scopes: Iterable[str] | None) -> None:
    """Narrow rights from here on; None lifts it. The edge does both, at the start and end of a request."""
    _scopes.set(None if scopes is None else frozenset(scopes))


@contextmanager
def narrowed(scopes: Iterable[str]) -> Iterator[None]:
    """Narrow rights to these permissions inside the block."""
    before = _scopes.set(frozenset(scopes))
    try:
        yield
    finally:
        _scopes.reset(before)
