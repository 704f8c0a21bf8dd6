"""Messages and signals: from outside and from diagrams, to whoever waits for them.

`posting` finds who waits and hands over, `keeping` keeps what nobody waits for yet and
what must not come twice, `sweep` brings kept messages and late waiters together.
"""

from __future__ import annotations

from app.engine.runtime.messages import sweep as _sweep  # noqa: F401 (registers the sweep)
from app.engine.runtime.messages.posting import broadcast, publish

__all__ = ["broadcast", "publish"]
