"""One line of JSON for each request and each event, with a request id and no personal data.

No names, addresses, query strings or paths: a path may hold the id of a case, an endpoint does not.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
import traceback
from types import TracebackType
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from pythonjsonlogger.json import JsonFormatter

WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
log = logging.getLogger("marketplace.requests")


class _Formatter(JsonFormatter):
    converter = staticmethod(time.gmtime)  # type: ignore[assignment]  # UTC in logs
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | Any
    ) -> str:
        """The kind of error and where it arose; its message may quote what somebody typed."""
        kind, _error, trace = ei
        where = "".join(traceback.format_tb(trace))
        return f"{where}{kind.__name__ if kind else ''}"


class _RequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = g.get("request_id") if has_request_context() else None
        return True


def _started() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if WELL_FORMED.fullmatch(given) else secrets.token_hex(12)
    g.started = time.perf_counter()


def _ended(response: Response) -> Response:
    if "request_id" not in g:
        return response
    response.headers["X-Request-ID"] = g.request_id
    if request.endpoint != "static":
        log.info(
            "request",
            extra={
                "method": request.method if request.method.isalpha() else "?",
                "endpoint": request.endpoint,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - g.started) * 1000, 1),
            },
        )
    return response


def prepare(level: str) -> None:
    """Send this process's log lines to standard error as JSON; once, however many applications."""
    logging.getLogger("marketplace").setLevel(level)
    # The development server's own lines carry addresses and query strings.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    root = logging.getLogger()
    if any(isinstance(handler.formatter, _Formatter) for handler in root.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Formatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )
    )
    handler.addFilter(_RequestId())
    root.addHandler(handler)


def register(app: Flask) -> None:
    """Write one line for each request."""
    prepare(app.extensions["settings"].log_level)
    app.before_request(_started)
    app.after_request(_ended)
