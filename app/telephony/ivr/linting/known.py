"""What exists beside the flows. None where it is not known: then it is not checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.kernel.registry import Lookup


@dataclass(frozen=True, slots=True)
class Known:
    """Names that flows may use. `prompts` by language; `used_elsewhere` are prompts that code plays."""

    prompts: Mapping[str, frozenset[str]] | None = None
    used_elsewhere: frozenset[str] = frozenset()
    lookups: Mapping[str, Lookup] | None = None
    processes: frozenset[str] | None = None
    messages: frozenset[str] | None = None
    queues: frozenset[str] | None = None
    webhooks: frozenset[str] | None = None
    documents: frozenset[str] | None = None
    hours: frozenset[str] | None = None
    notices: frozenset[str] | None = None
