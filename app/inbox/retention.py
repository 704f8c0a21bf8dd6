"""What belongs to a case here goes with it: remarks, files, notes and its search text."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.inbox import search
from app.inbox.models import CaseFile, TaskComment, TaskNote
from app.kernel.db import session
from app.kernel.retention import kinds


def follow_cases() -> None:
    """Remove with the engine's kind `case`."""
    kinds.along("case", _remove)


def _remove(instance_ids: Sequence[str]) -> int:
    """The content of the files stays as long as another row names it."""
    for model in (TaskComment, CaseFile, TaskNote):
        gone = sa.delete(model).where(model.instance_id.in_(instance_ids))
        session.execute(gone, execution_options={"synchronize_session": False})
    for instance_id in instance_ids:
        search.index.drop(instance_id)
    return len(instance_ids)
