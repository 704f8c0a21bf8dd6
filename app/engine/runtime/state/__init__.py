"""The state of an instance as one blob: what changes while it runs, and nothing of its specs.

Invariants: the variables are plain JSON (`scripting.plain` guards every way in), so that
the blob is JSON as it is; every blob names its format; a change of the format needs a
migration and a frozen sample of the old one in the tests.
"""

from __future__ import annotations

from app.engine.runtime.state.blob import Envelope, StateTooLarge, dump, load, peek
from app.engine.runtime.state.pruning import prune

__all__ = ["Envelope", "StateTooLarge", "dump", "load", "peek", "prune"]
