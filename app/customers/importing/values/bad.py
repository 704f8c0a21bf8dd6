"""Why a cell cannot be taken."""

from __future__ import annotations

from typing import Any


class Bad(ValueError):
    """`code` names a reason of `importing.reasons`, `params` fill its text; both are kept with the import."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = {key: value if isinstance(value, int) else str(value)[:200] for key, value in params.items()}
