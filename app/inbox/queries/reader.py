"""For whom a list is made: the reader with the groups, places and absent colleagues that widen what they see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.identity import queries as identity
from app.identity.queries import UserView

READ = "task.read"
"""The permission to see every task of a subtree."""

ASSIGN = "task.assign"
"""The permission to give tasks of a subtree to others."""


@dataclass(frozen=True, slots=True)
class Reader:
    """`groups` and the paths include what is handed over by `absent`, the people the reader substitutes now."""

    user_id: int
    username: str
    groups: frozenset[str]
    read_paths: tuple[str, ...]
    assign_paths: tuple[str, ...]
    absent: tuple[UserView, ...]

    @property
    def held_ids(self) -> tuple[int, ...]:
        """Whose tasks are the reader's to do: their own and those of the absent."""
        return (self.user_id, *(user.id for user in self.absent))

    @property
    def usernames(self) -> tuple[str, ...]:
        return (self.username, *(user.username for user in self.absent))

    def stands_in_for(self, user_id: int | None) -> UserView | None:
        """The absent colleague of this id, if the reader substitutes them now."""
        return next((user for user in self.absent if user.id == user_id), None)


def reader_of(user_id: int, username: str, *, at: datetime) -> Reader:
    """Everything the lists and rights of one person depend on, in four statements."""
    return Reader(
        user_id=user_id,
        username=username,
        groups=identity.groups_of(user_id, at=at),
        read_paths=tuple(identity.permitted_paths(user_id, READ, at=at)),
        assign_paths=tuple(identity.permitted_paths(user_id, ASSIGN, at=at)),
        absent=tuple(identity.substituted_by(user_id, at=at)),
    )
