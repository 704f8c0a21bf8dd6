"""What work costs besides time on the wall: statements, CPU of this process and of the database's connection."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app.kernel import db
from app.kernel.db import session
from tests.bench.measure import tell


class Spent:
    """Counts while it is entered; `tell` prints the shares of so many pieces of work."""

    def __init__(self) -> None:
        self._engine = db.db.engine
        self._server = _server_process()
        self.statements, self.cpu, self.server = 0, 0.0, 0.0

    def __enter__(self) -> Spent:
        event.listen(self._engine, "before_cursor_execute", self._count)
        self.cpu, self.server = -time.process_time(), -self._server_cpu()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu += time.process_time()
        self.server += self._server_cpu()
        event.remove(self._engine, "before_cursor_execute", self._count)

    def tell(self, name: str, pieces: int, each: str) -> None:
        tell(f"{name}.statements", self.statements / pieces, each)
        tell(f"{name}.cpu", 1e3 * self.cpu / pieces, f"ms of this process {each}")
        if self._server is not None:
            tell(f"{name}.database_cpu", 1e3 * self.server / pieces, f"ms of the database {each}")

    def _count(self, *_: Any) -> None:
        self.statements += 1

    def _server_cpu(self) -> float:
        """Seconds that the process behind the one connection of this thread has used."""
        if self._server is None:
            return 0.0
        fields = self._server.read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _server_process() -> Path | None:
    """The database's process of this thread's connection; None on SQLite, or where it runs on another machine."""
    if db.is_sqlite():
        return None
    session.rollback()
    found = Path(f"/proc/{session.connection().exec_driver_sql('SELECT pg_backend_pid()').scalar()}/stat")
    session.rollback()
    return found if found.exists() else None
