"""One application for all tests of a process.

Building one costs more than most tests do, and it knows compiled statements and templates
only after it has worked for a while. So one stands for each kind of database and is lent
to test after test, on an empty database, with the clock, the folder, the configuration and
the extensions it had at first. A test that adds routes, or otherwise builds on to its
application, is marked `own_app` and gets a fresh one.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from app.kernel.clock import FrozenClock
from app.kernel.settings import Settings


class Standing:
    """An application and what it was like when it was new."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        self._settings = settings
        self._config = dict(self.app.config)
        self._extensions = _kept(self.app.extensions)
        self._globals = dict(self.app.jinja_env.globals)
        self.app._got_first_request = True  # whoever adds a route here is told, be it the first test or the last

    def lend(self, *, clock: FrozenClock, folder: Path) -> Flask:
        """The application as it was when it was new, with this clock and this folder of files."""
        self.app.config.clear()
        self.app.config.update(self._config)
        self.app.extensions.clear()
        self.app.extensions.update(_kept(self._extensions))
        self.app.extensions["lightline.clock"] = clock
        self.app.extensions["lightline.settings"] = replace(self._settings, instance=folder)
        self.app.jinja_env.globals.clear()
        self.app.jinja_env.globals.update(self._globals)
        folder.mkdir(parents=True, exist_ok=True)
        return self.app


def _kept(extensions: dict[str, Any]) -> dict[str, Any]:
    """The registers among them copied as far as they are plain, the libraries' objects as they are."""
    return {name: _plain_copy(value) for name, value in extensions.items()}


def _plain_copy(value: Any) -> Any:
    if type(value) is dict:
        return {key: _plain_copy(inner) for key, inner in value.items()}
    return copy.copy(value) if type(value) in {set, list} else value
