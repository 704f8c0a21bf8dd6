"""Who acts: passed to every operation as `actor=`, never read from the request inside one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, an API client, a customer or the system itself.

    `id` is the user's id (None for system and customers), `username` the sign-in name,
    `name` the name shown to people.
    """

    kind: Literal["user", "api", "customer", "system"]
    id: int | None
    username: str
    name: str

    @property
    def ref(self) -> str:
        """How rows name this actor: the sign-in name, `system` for the system."""
        return self.username


SYSTEM = Actor(kind="system", id=None, username="system", name="系统")
