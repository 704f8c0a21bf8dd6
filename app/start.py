"""`flask start`: a small installation from one process, for a look around (`make run`).

The application is imported once; web, clock and ivr are forks of it. Where each runs as a
service of its own (docs/operations.md) each imports it for itself, and none needs another.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, NoReturn

import click
from flask import Flask, current_app
from gunicorn.app.base import Application

from app import demo
from app.kernel.db import db
from app.kernel.settings import ROOT
from app.kernel.worker import Worker
from app.telephony import serving as telephony


class Web(Application):  # type: ignore[misc]
    """gunicorn with our configuration and the application that is imported already."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        super().__init__()

    def load_config(self) -> None:
        self.load_config_from_file(str(ROOT / "gunicorn.conf.py"))

    def load(self) -> Flask:
        return self._app


class Several:
    """Parts that run each in a fork of this process; where one ends, or we are told to stop, all end."""

    def __init__(self, parts: Mapping[str, Callable[[], None]]) -> None:
        self._parts = parts
        self._running: dict[int, str] = {}
        self._stopping = False

    def run(self) -> int:
        """Until all have ended; 1 where a part ended by itself."""
        for name, part in self._parts.items():
            self._running[_fork(part)] = name
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        ended_early = False
        while self._running:
            pid, _status = os.wait()
            name = self._running.pop(pid, "")
            if not self._stopping:
                click.echo(f"{name} has ended; the others are stopped", err=True)
                ended_early = True
                self._stop()
        return int(ended_early)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stop()

    def _stop(self) -> None:
        self._stopping = True
        for pid in self._running:
            os.kill(pid, signal.SIGTERM)


@click.command("start")
@click.option("--demo", "with_demo", is_flag=True, help="First bring the demo database up to date.")
def start(with_demo: bool) -> None:
    """Run web, clock and ivr, until SIGTERM or Ctrl-C."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if with_demo:
        _in_child(lambda: _command(demo.prepare))
    parts: dict[str, Callable[[], None]] = {
        "web": lambda: Web(app).run(),
        "clock": lambda: Worker(app).run(),
        "ivr": lambda: _command(telephony.serve),
    }
    db.session.remove()
    db.engine.dispose()  # no connection may be shared with a fork
    sys.exit(Several(parts).run())


def _command(command: click.Command) -> None:
    """One of our commands, as though called without arguments."""
    command.main(args=[], standalone_mode=False)


def _in_child(work: Callable[[], Any]) -> None:
    """Do it in a fork, which takes along what it opened and cached; raises `SystemExit` where it failed."""
    db.session.remove()
    db.engine.dispose()
    _pid, status = os.waitpid(_fork(work), 0)
    if status:
        sys.exit(1)


def _fork(part: Callable[[], Any]) -> int:
    """Its process id. The child does the part and nothing else."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _be(part)
    return pid


def _be(part: Callable[[], Any]) -> NoReturn:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    code = 1
    try:
        part()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(start)
