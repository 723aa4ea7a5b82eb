"""A stand-in for the registers of charities and companies, with a few invented organisations."""

from __future__ import annotations

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CHARITY_KEY, COMPANY_KEY = "charity key", "company key"
CHARITY = {
    "organisation_number": 5000001,
    "reg_charity_number": 1234567,
    "charity_name": "STEPPING  STONES ",
    "charity_type": "Charitable company",
    "reg_status": "R",
    "date_of_removal": None,
    "charity_co_reg_number": "1234568",
    "cio_ind": False,
    "web": "www.stepping.example",
}
COMPANY = {
    "company_name": "LANTERN YARD C.I.C.",
    "company_number": "01234567",
    "company_status": "active",
    "type": "private-limited-guarant-nsc",
    "subtype": "community-interest-company",
}
GONE = {"company_status": "dissolved", "date_of_cessation": "2024-05-03"}


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, body = self.server.answer_to(self.path, self.headers)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Registers(ThreadingHTTPServer):
    """Listens on a free port; `answers` maps a path to what is answered, `broken` answers all."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.broken: tuple[int, bytes] | None = None
        self.answers: dict[str, Any] = {
            "/allcharitydetailsV2/1234567/0": CHARITY,
            "/allcharitydetailsV2/1234568/0": CHARITY | {"cio_ind": True, "web": None},
            "/allcharitydetailsV2/7654321/0": CHARITY
            | {"reg_status": "RM", "date_of_removal": "2024-05-03T00:00:00"},
            "/company/01234567": COMPANY,
            "/company/07654321": COMPANY | GONE,
            "/company/07654322": COMPANY | {"company_status": "liquidation", "subtype": None},
        }
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer_to(self, path: str, headers: Any) -> tuple[int, bytes]:
        """Status and body, as the registers answer."""
        if self.broken:
            return self.broken
        basic = "Basic " + base64.b64encode(f"{COMPANY_KEY}:".encode()).decode()
        charities = headers.get("Ocp-Apim-Subscription-Key") == CHARITY_KEY
        companies = headers.get("Authorization") == basic
        if not (companies if path.startswith("/company/") else charities):
            return 401, b"{}"
        if path not in self.answers:
            return 404, b"{}"
        return 200, json.dumps(self.answers[path]).encode()

    def __enter__(self) -> Registers:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
