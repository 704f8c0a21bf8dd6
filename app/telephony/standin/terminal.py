"""A telephone in the terminal: what is played appears as lines, what is typed is pressed."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

from app.telephony.standin.callers import Line
from app.telephony.standin.leg import Leg
from app.telephony.standin.switch import Ended, Switch

KEYS = "0123456789*#"


class Terminal:
    """A caller at the keyboard. `words` says what a recording says, by its file's name where it is known."""

    def __init__(self, echo: Callable[[str], None], words: Mapping[str, str]) -> None:
        self._echo, self._words = echo, words

    def noticed(self, _leg: Leg, what: str, played: str) -> None:
        """Show what the caller would hear."""
        if what == "heard":
            for part in played.removeprefix("file_string://").split("!"):
                if not part.startswith(("tone_stream", "silence_stream")):
                    self._echo(f"  » {self._words.get(part, part.rpartition('/')[2])}")
        elif what == "asked":
            self._echo("  ? keys")
        else:
            self._echo("  ● recording: type words to speak, # to end")

    async def run(self, line: Line) -> None:
        """Press what is typed: keys, other words are spoken, an empty line waits until keys are wanted, q hangs up."""
        loop = asyncio.get_running_loop()
        typed: asyncio.Queue[str] = asyncio.Queue()

        def read() -> None:
            with suppress(RuntimeError):  # the call, and the loop with it, ended before the keyboard did
                for text in sys.stdin:
                    loop.call_soon_threadsafe(typed.put_nowait, text.strip())
                loop.call_soon_threadsafe(typed.put_nowait, "q")

        threading.Thread(target=read, daemon=True).start()
        while not line.over:
            text = await typed.get()
            if text == "q":
                line.hang_up()
            elif not text:
                await line.asked()
            elif not set(text) - set(KEYS):
                line.press(text)
            else:
                line.speak(len(text) / 4)
                await line.wait(len(text) / 4)


async def call(
    host: str, port: int, *, number: str, to: str, echo: Callable[[str], None], words: Mapping[str, str]
) -> Ended:
    """One call to a running ivr process, until it ends."""
    terminal = Terminal(echo, words)
    switch = Switch(ivr=[(host, port)], on_notice=terminal.noticed)
    try:
        return await switch.call(terminal, number=number, name=number, to=to)
    finally:
        await switch.stop()
