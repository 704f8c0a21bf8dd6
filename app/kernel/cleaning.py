"""What is thrown away, and when: content of files nobody refers to, counters of topics nobody touches."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from app.kernel import db, live
from app.kernel.db import session
from app.kernel.files import store
from app.kernel.files.models import StoredFile
from app.kernel.registry import registry

ORPHAN_AGE = timedelta(days=1)
"""Content this old without a row belongs to a transaction that was rolled back."""

TOPIC_AGE = timedelta(days=7)


@registry.sweep("files.clean", every=timedelta(hours=6))
def clean_files(_now: datetime) -> int:
    """Remove content no row names."""
    removed = 0
    for path in list(store.old_content(ORPHAN_AGE.total_seconds())):
        if not _is_named(path):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


@registry.sweep("live.clean", every=timedelta(hours=1))
def clean_topics(now: datetime) -> int:
    """Remove counters unchanged for a week."""
    return db.run(lambda: live.clean(int((now - TOPIC_AGE).timestamp() * 1000)))


def _is_named(path: Path) -> bool:
    session.rollback()  # a row may have been committed since the last look
    named = sa.or_(StoredFile.sha256 == path.name, StoredFile.thumbnail == path.name)
    return session.scalars(sa.select(StoredFile.id).where(named).limit(1)).first() is not None
