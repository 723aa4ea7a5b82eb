"""Answers for machines that need not be sent twice (RFC 9110, section 13)."""

from __future__ import annotations

from typing import Any

from flask import Response, request


def kept(response: Response) -> Any:
    """The response with an entity tag; 304 to whoever has it already. Other sites may read it.

    By content, not by moment: what is no longer public leaves without a moment.
    """
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    return response.make_conditional(request)
