"""What people do with tasks: authorise, call the engine, put on record, tell those concerned. Never commits.

Invariants: every operation checks the actor's rights on the task (`inbox.rights`) before
anything else; a substitute acts in their own name and the record says for whom; whoever
is given a task is told.
"""

from __future__ import annotations

from app.inbox.operations.bulk import BulkResult, assign_many, claim_many
from app.inbox.operations.comments import add_comment
from app.inbox.operations.completion import complete
from app.inbox.operations.files import attach, remove_file
from app.inbox.operations.filters import delete_filter, save_filter
from app.inbox.operations.handover import assign, claim, delegate, release, resolve
from app.inbox.operations.planning import put_off, set_due, set_priority
from app.inbox.queries.closed import AlreadyCompleted

__all__ = [
    "AlreadyCompleted",
    "BulkResult",
    "add_comment",
    "assign",
    "assign_many",
    "attach",
    "claim",
    "claim_many",
    "complete",
    "delegate",
    "delete_filter",
    "put_off",
    "release",
    "remove_file",
    "resolve",
    "save_filter",
    "set_due",
    "set_priority",
]
