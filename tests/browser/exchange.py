"""A small telephone exchange for browsers: SIP over WebSocket (RFC 7118), so that two pages really talk.

It asks for a digest at REGISTER, remembers who is where, and passes everything else on between them: what they
say of media is theirs, and sound goes straight from page to page. REFER it answers itself, as FreeSWITCH does: the
transfer is noted, told to be done (or failed), and the one who was handed over stays with nobody.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
ONCE = ("to", "from", "call-id", "cseq", "contact", "expires", "authorization", "content-length", "refer-to")


@dataclass
class Message:
    """One SIP message: first line, headers in order, body."""

    first: str
    headers: list[tuple[str, str]]
    body: str

    @classmethod
    def read(cls, text: str) -> Message:
        head, _blank, body = text.partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        return cls(first, [(name, value.strip()) for name, _c, value in (line.partition(":") for line in lines)], body)

    def get(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]

    def text(self) -> str:
        lines = [self.first, *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join(lines) + "\r\n\r\n" + self.body

    @property
    def method(self) -> str:
        return self.first.split(" ", 1)[0]

    @property
    def target(self) -> str:
        """User part of the request's address."""
        found = re.match(r"\w+ sips?:([^@;> ]+)@", self.first)
        return found[1] if found else ""

    def answer(self, code: int, words: str, *more: tuple[str, str], body: str = "") -> Message:
        kept = [(name, value) for name, value in self.headers if name.lower() in {"via", "from", "call-id", "cseq"}]
        to = self.get("to")
        to = to if "tag=" in to or code == 100 else f"{to};tag=exchange{secrets.token_hex(4)}"
        headers = [*kept, ("To", to), *more, ("Content-Length", str(len(body.encode())))]
        return Message(f"SIP/2.0 {code} {words}", headers, body)


@dataclass(eq=False)
class Page:
    """One connection; `users` are those who signed in over it."""

    writer: asyncio.StreamWriter
    users: set[str] = field(default_factory=set)

    def send(self, message: Message) -> None:
        self.frame(message.text().encode(), 0x1)

    def frame(self, data: bytes, kind: int) -> None:
        size = len(data)
        head = bytes([0x80 | kind])
        head += bytes([size]) if size < 126 else bytes([126]) + size.to_bytes(2, "big")
        if not self.writer.is_closing():
            self.writer.write(head + data)


class Exchange:
    """`hash_of(user)` gives the hash to check a digest with, as the switch is told it; None for nobody."""

    def __init__(self, hash_of: Callable[[str], str | None]) -> None:
        self._hash_of = hash_of
        self._pages: set[Page] = set()
        self._contacts: dict[str, Page] = {}
        self._pending: dict[str, Page] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self.seen: list[Message] = []
        self.refers: list[tuple[str, str]] = []
        self.refer_fails = False
        self.add: dict[str, dict[str, str]] = {}
        """Headers put onto INVITEs to a user, as the switch puts the name of the call there."""
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(5)

    async def _start(self) -> int:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    def cut(self) -> None:
        """Every connection breaks."""
        self._loop.call_soon_threadsafe(lambda: [page.writer.transport.abort() for page in list(self._pages)])

    def close(self) -> None:
        async def end() -> None:
            assert self._server is not None
            self._server.close()
            for page in list(self._pages):
                page.writer.transport.abort()
            await asyncio.sleep(0.05)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def methods(self) -> list[str]:
        """The requests seen so far."""
        return [message.method for message in list(self.seen) if not message.first.startswith("SIP/")]

    # WebSocket (RFC 6455)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        page = Page(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            key = re.search(r"(?i)sec-websocket-key: *(\S+)", head)
            assert key is not None
            accept = base64.b64encode(hashlib.sha1((key[1] + GUID).encode()).digest()).decode()
            writer.write(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: sip\r\n\r\n".encode()
            )
            self._pages.add(page)
            while (text := await self._read(reader, page)) is not None:
                if text.strip():
                    self._take(Message.read(text), page)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._pages.discard(page)
            self._contacts = {contact: at for contact, at in self._contacts.items() if at is not page}
            writer.close()

    async def _read(self, reader: asyncio.StreamReader, page: Page) -> str | None:
        whole = b""
        while True:
            first, second = await reader.readexactly(2)
            size = second & 0x7F
            if size == 126:
                size = int.from_bytes(await reader.readexactly(2), "big")
            elif size == 127:
                size = int.from_bytes(await reader.readexactly(8), "big")
            mask = await reader.readexactly(4) if second & 0x80 else b"\0\0\0\0"
            data = bytes(byte ^ mask[n % 4] for n, byte in enumerate(await reader.readexactly(size)))
            kind = first & 0x0F
            if kind == 0x8:
                return None
            if kind == 0x9:
                page.frame(data, 0xA)
                continue
            whole += data
            if first & 0x80:
                return whole.decode()

    # SIP

    def _take(self, message: Message, page: Page) -> None:
        self.seen.append(message)
        if message.first.startswith("SIP/"):
            self._answered(message)
        elif message.method == "REGISTER":
            self._register(message, page)
        elif message.method == "REFER":
            self._refer(message, page)
        else:
            self._pass_on(message, page)

    def _register(self, message: Message, page: Page) -> None:
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', message.get("authorization").partition(" ")[2]))
        if not given:
            challenge = f'Digest realm="lightline", nonce="{secrets.token_hex(8)}", algorithm=MD5, qop="auth"'
            page.send(message.answer(401, "Unauthorized", ("WWW-Authenticate", challenge)))
            return
        user = given.get("username", "")
        known = self._hash_of(user)
        second = _md5(f"REGISTER:{given.get('uri', '')}")
        middle = f"{given.get('nonce')}:{given.get('nc')}:{given.get('cnonce')}:{given.get('qop')}"
        if known is None or given.get("response") != _md5(f"{known}:{middle}:{second}"):
            page.send(message.answer(403, "Forbidden"))
            return
        contact = message.get("contact")
        gone = message.get("expires") == "0" or "expires=0" in contact
        address = re.search(r"sips?:([^@;>]+)@", contact)
        for name in (user, address[1] if address else user):
            if gone:
                self._contacts.pop(name, None)
            else:
                self._contacts[name] = page
        page.users.add(user)
        page.send(message.answer(200, "OK", ("Contact", contact), ("Expires", "120")))

    def _pass_on(self, message: Message, page: Page) -> None:
        there = self._contacts.get(message.target)
        if there is None:
            if message.method != "ACK":
                page.send(message.answer(404, "Not Found"))
            return
        if message.method == "INVITE" and "tag=" not in message.get("to"):
            page.send(message.answer(100, "Trying"))
        branch = f"z9hG4bKx{_md5(message.all('via')[0])[:12]}"  # the same for an INVITE, its CANCEL and its ACK
        self._pending[branch] = page
        headers = [("Via", f"SIP/2.0/WS exchange.invalid;branch={branch}"), *message.headers]
        added = self.add.get(message.target, {}) if message.method == "INVITE" else {}
        there.send(Message(message.first, [*headers, *added.items()], message.body))

    def _answered(self, message: Message) -> None:
        vias = message.all("via")
        found = re.search(r"branch=(z9hG4bKx\w+)", vias[0]) if vias else None
        back = self._pending.get(found[1]) if found else None
        if back is None or message.first.startswith("SIP/2.0 100"):
            return
        place = next(n for n, (name, _value) in enumerate(message.headers) if name.lower() == "via")
        back.send(Message(message.first, message.headers[:place] + message.headers[place + 1 :], message.body))

    def _refer(self, message: Message, page: Page) -> None:
        self.refers.append((message.get("from"), message.get("refer-to")))
        accepted = message.answer(202, "Accepted")
        page.send(accepted)
        said = "SIP/2.0 503 Service Unavailable" if self.refer_fails else "SIP/2.0 200 OK"
        contact = re.search(r"<(sips?:[^>]+)>", message.get("contact"))
        assert contact is not None
        headers = [
            ("Via", f"SIP/2.0/WS exchange.invalid;branch=z9hG4bKn{secrets.token_hex(6)}"),
            ("Max-Forwards", "70"),
            ("From", accepted.get("to")),
            ("To", message.get("from")),
            ("Call-ID", message.get("call-id")),
            ("CSeq", f"{9000 + len(self.refers)} NOTIFY"),
            ("Event", f"refer;id={message.get('cseq').split()[0]}"),
            ("Subscription-State", "terminated;reason=noresource"),
            ("Content-Type", "message/sipfrag"),
            ("Content-Length", str(len(said) + 2)),
        ]
        page.send(Message(f"NOTIFY {contact[1]} SIP/2.0", headers, f"{said}\r\n"))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
