"""The rules of `identification.yaml`: when attempts are locked, what a query password must be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import yaml

from app.kernel import settings

FILE = Path(__file__).with_name("identification.yaml")


@dataclass(frozen=True, slots=True)
class Rules:
    """`account` and `phone`: so many failures `within` this span lock; `digits`: length of a query password."""

    account: int
    phone: int
    within: timedelta
    digits: int

    def weakness(self, password: str, account_no: str) -> str:
        """Why a query password is refused (`length`, `repeated`, `sequence`, `account`), empty where it is good."""
        if len(password) != self.digits or not (password.isascii() and password.isdigit()):
            return "length"
        steps = {int(after) - int(before) for before, after in pairwise(password)}
        if steps == {0}:
            return "repeated"
        if steps in ({1}, {-1}):
            return "sequence"
        return "account" if password in account_no else ""


def rules() -> Rules:
    """The rules in force here."""
    own = settings.current().instance / "customer_identification.yaml"
    path = own if own.exists() else FILE
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Rules:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    failures = content["failures"]
    return Rules(
        account=int(failures["account"]),
        phone=int(failures["phone"]),
        within=timedelta(hours=int(failures["hours"])),
        digits=int(content["password"]["digits"]),
    )
