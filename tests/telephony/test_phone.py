"""`flask ivr phone`: a call to a running ivr process, typed in the terminal."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from flask import Flask

from app.telephony import serving
from tests.telephony.line.conftest import line_app
from tests.telephony.line.house import line

__all__ = ["line_app"]


def test_a_call_is_typed_and_heard(line_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "spoken", lambda: {str(tmp_path / "word.wav"): "您好"})
    result = []

    async def all_of_it() -> None:
        async with line(line_app, tmp_path, link=False) as running:
            port = running.process.server.port
            runner = line_app.test_cli_runner()
            command = ["ivr", "phone", "--at", f"127.0.0.1:{port}", "--number", "13900139000"]
            thread = threading.Thread(
                target=lambda: result.append(runner.invoke(args=command, input="\n1\n\n12345678#\n"))
            )
            thread.start()
            while thread.is_alive():
                await asyncio.sleep(0.05)

    asyncio.run(asyncio.wait_for(all_of_it(), 60))
    assert "» 您好" in result[0].output
    assert "the call has ended" in result[0].output


def test_nobody_there_is_said(line_app: Flask) -> None:
    runner = line_app.test_cli_runner()
    done = runner.invoke(args=["ivr", "phone", "--at", "127.0.0.1:1"])
    assert done.exit_code == 1
    assert "nobody takes calls" in done.output
