"""A stand-in for clamd: understands INSTREAM, finds the test virus, and can be broken."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from typing import Any

from tests.support.files import VIRUS


class _Handler(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.scanned.append(content)
        self.wfile.write(self.server.verdict(content))


class Scanner(socketserver.ThreadingTCPServer):
    """Listens on a free port, or a socket at `path`.

    `scanned` is what it was sent, `answer` overrides its verdict.
    """

    def __init__(self, path: str = "") -> None:
        if path:
            self.address_family = socket.AF_UNIX
        super().__init__(path or ("127.0.0.1", 0), _Handler)  # type: ignore[arg-type]  # typed for TCP
        self.scanned: list[bytes] = []
        self.answer: bytes | None = None
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def address(self) -> str:
        """As the setting names it."""
        if self.address_family == socket.AF_UNIX:
            return f"unix://{self.server_address}"
        return f"tcp://127.0.0.1:{self.server_address[1]}"

    def verdict(self, content: bytes) -> bytes:
        """What clamd answers."""
        if self.answer is not None:
            return self.answer
        found = VIRUS in content
        return b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0"

    def __enter__(self) -> Scanner:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
