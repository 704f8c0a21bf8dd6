"""The face of a target, and the register of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l

from app.kernel.actor import Actor
from app.kernel.errors import NotFound

KINDS = frozenset({"text", "code", "number", "integer", "date", "period", "truth", "choice", "phone"})


class UnknownTarget(NotFound):
    code = "import_target_unknown"


@dataclass(frozen=True, slots=True)
class Field:
    """One field a column can be mapped to.

    `kind` is one of KINDS; `code` is a text without blanks inside (account and meter numbers). `places` and
    `dimension` (`energy` kWh, `reactive` kvarh, `power` kW, `capacity` kVA, `money` yuan) belong to numbers,
    `least` and `most` bound them. `choices()` gives each word and what people write for it, for `choice`.
    `synonyms` are headers people use, beside those of `synonyms.yaml` under `<target>.<name>`.
    `required` fields must be mapped, and filled in every row, where the record does not exist yet.
    """

    name: str
    title: Any
    kind: str = "text"
    required: bool = False
    max_length: int = 0
    places: int | None = None
    dimension: str = ""
    least: int | None = None
    most: int | None = None
    choices: Callable[[], Mapping[str, Sequence[str]]] | None = None
    synonyms: tuple[str, ...] = ()
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a record cannot be taken; `field` names the target's field where it is about one."""

    code: str
    field: str = ""
    shown: str = ""
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(slots=True)
class Record:
    """One row's values by field, with what is wrong with them."""

    line: int
    values: dict[str, Any]
    problems: list[Problem] = dataclasses.field(default_factory=list)

    def refuse(self, code: str, name: str = "", shown: object = "", **params: Any) -> None:
        """Note a problem; `code` is a reason of `importing.reasons` (`reasons.add` for a package's own)."""
        kept = {key: value if isinstance(value, int) else str(value)[:200] for key, value in params.items()}
        self.problems.append(Problem(code, name, str(shown)[:200], kept))


@dataclass(frozen=True, slots=True)
class Effect:
    """What a record does or did: `act` is `created`, `changed` or `same`."""

    line: int
    act: str


@dataclass(frozen=True, slots=True)
class Scope:
    """On whose behalf and where: `paths` are the units the importer may import for (prefixes of paths).

    `source` names the system the data come from. A writer adds a row to `customer_change` for each record it
    creates or changes, with `import_id` and the record's line (`targets.changes.ChangeLog` does).
    """

    import_id: int
    source: str
    paths: Sequence[str]
    actor: Actor
    now: datetime


class Writer(Protocol):
    """The writing half of a target for one import. Both get batches (`bounds.yaml`) in the order of the file."""

    def judge(self, records: Sequence[Record]) -> None:
        """Look at what is in the database and refuse what does not fit (`record.refuse`); writes nothing."""

    def write(self, records: Sequence[Record]) -> Iterable[Effect]:
        """Write good records in the caller's transaction; an effect for each. Judges again what may have changed."""


@dataclass(frozen=True, slots=True)
class Target:
    """`key`: the fields that name a record; two rows of a file with one key are bad. `writer(scope)` opens a writer.

    `permission` is what the importer must hold beside `customer.import`: both at the unit of every record.
    """

    name: str
    title: Any
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    writer: Callable[[Scope], Writer]
    order: int = 50
    permission: str = "customer.import"

    def field(self, name: str) -> Field | None:
        """A field by its name."""
        return next((one for one in self.fields if one.name == name), None)


_targets: dict[str, Target] = {}


def register(target: Target) -> None:
    """Add a target; one of the same name is replaced."""
    unknown = [one.name for one in target.fields if one.kind not in KINDS]
    if unknown or any(target.field(name) is None for name in target.key):
        raise ValueError(f"target {target.name!r} is not well formed: {unknown or target.key}")
    _targets[target.name] = target


def get(name: str) -> Target:
    """A target by name; raises `UnknownTarget`."""
    try:
        return _targets[name]
    except KeyError:
        raise UnknownTarget(_l("There is nothing of this name to import."), target=name) from None


def all_targets() -> list[Target]:
    """All of them, in order."""
    return sorted(_targets.values(), key=lambda target: (target.order, target.name))
