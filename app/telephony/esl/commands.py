"""What is written to FreeSWITCH, as bytes. Everything that varies goes through the guard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.telephony.esl import guard


def plain(*words: str) -> bytes:
    """A command of one line: `connect`, `myevents json`, `getvar NAME`."""
    return f"{guard.line(' '.join(words))}\n\n".encode()


def execute(application: str, argument: str, *, event_uuid: str) -> bytes:
    """Have the channel of this socket run an application; its end carries `event_uuid` as `Application-UUID`."""
    head = (
        "sendmsg\ncall-command: execute\n"
        f"execute-app-name: {guard.name(application)}\nEvent-UUID: {guard.word(event_uuid)}\nevent-lock: true\n"
    )
    body = guard.argument(argument).encode()
    if not body:
        return f"{head}\n".encode()
    return f"{head}content-type: text/plain\ncontent-length: {len(body)}\n\n".encode() + body


def originate(target: str, options: Mapping[str, str], *, then: str, dialplan: str = "", context: str = "") -> str:
    """The line for `bgapi`: call `target` (an endpoint as configured) and hand the call to `then`.

    `then` is `&application(argument)` or an extension of `dialplan` and `context`.
    """
    given = ":".join(f"{guard.name(key)}={guard.option(value)}" for key, value in options.items())
    rest = " ".join(guard.argument(part) for part in (then, dialplan, context) if part)
    return f"originate {{^^:{given}}}{guard.word(target)} {rest}"


def files(paths: Iterable[str]) -> str:
    """One thing to play out of several recordings: `file_string://a.wav!b.wav`."""
    parts = [guard.word(path) for path in paths]
    if any("!" in part for part in parts):
        raise guard.Injection("a mark of the list in a recording's name")
    return parts[0] if len(parts) == 1 else f"file_string://{'!'.join(parts)}"
