"""Somebody outside who counts what reaches them: a server that notes each call by its idempotency key."""

from __future__ import annotations

import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORK = 0.02
"""Seconds until it answers: time enough for the caller to be killed between the call and its answer."""


class Receiver:
    """As a gateway for short messages: a key heard before is answered, and sends nothing again."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.note(self.headers["Idempotency-Key"])
                time.sleep(WORK)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="receiver", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def note(self, key: str) -> None:
        with self._lock:
            self.calls[key] += 1

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
