"""What the migration's tests share: moving every instance of version 1 to version 2."""

from __future__ import annotations

from app.engine import api
from app.kernel import jobs
from tests.engine.runtime.driving import NOBODY, Driver


class Mover(Driver):
    """A driver that also migrates, as an operator and the clock do."""

    def preview(self, mapping: dict[str, str] | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
        """For each instance the verdict, and code and element of the findings."""
        found = api.preview_migration("p", source=1, target=2, mapping=mapping, now=self.now)
        return [(one.verdict, [(entry.code, entry.element_id) for entry in one.findings]) for one in found]

    def migrate(self, mapping: dict[str, str] | None = None, *, confirmed: bool = False) -> api.MigrationView:
        """Start a migration, let its jobs run, and return what became of it."""
        started = self.do(
            lambda: api.start_migration(
                "p", source=1, target=2, mapping=mapping, confirmed=confirmed, reason="test", actor=NOBODY, now=self.now
            )
        )
        while jobs.run_due(self.now, 10):
            pass
        return api.get_migration(started.id)

    def version(self, instance_id: str) -> int:
        return api.get_definition(api.get_instance(instance_id).definition_id).version
