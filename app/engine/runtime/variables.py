"""Variables coming in from outside: only what JSON can carry, copied, so that nothing is shared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.engine.scripting import ScriptError, plain
from app.kernel.errors import Invalid


class InvalidData(Invalid):
    """A value that cannot be kept as a variable."""

    code = "invalid_data"


def checked(data: Mapping[str, Any]) -> dict[str, Any]:
    """A private plain copy. Raises `InvalidData` for what cannot be kept."""
    try:
        values = plain(dict(data))
    except ScriptError as exc:
        raise InvalidData(_l("These data cannot be kept: %(reason)s", reason=exc.reason), reason=exc.reason) from None
    return dict(values)
