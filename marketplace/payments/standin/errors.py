"""Refusals in the words and the form of Stripe's API."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An error that is answered; `begun` where the work had begun, so that its key keeps it."""

    def __init__(
        self,
        message: str,
        code: str | None = None,
        param: str | None = None,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        begun: bool = False,
    ):
        super().__init__(message)
        self.status = status
        self.begun = begun
        given = {"code": code, "message": message, "param": param, "type": kind}
        self.body: dict[str, Any] = {"error": {k: v for k, v in given.items() if v is not None}}


def missing(kind: str, thing_id: str, param: str = "id", status: int = 404) -> Refused:
    """A thing that this account does not have."""
    return Refused(f"No such {kind}: '{thing_id}'", "resource_missing", param, status=status)


def in_use(key: str) -> Refused:
    """The same key is being worked on by another request."""
    return Refused(
        "There is currently another in-progress request using this idempotency key (that probably "
        "means you submitted twice, and the other request is still going through): "
        f"{key}. Please try again later.",
        "idempotency_key_in_use",
        status=409,
        kind="idempotency_error",
    )


def other_parameters(key: str) -> Refused:
    """The key was first used with other parameters."""
    return Refused(
        "Keys for idempotent requests can only be used with the same parameters they were first "
        f"used with. Try using a key other than '{key}' if you meant to execute a different "
        "request.",
        kind="idempotency_error",
    )
