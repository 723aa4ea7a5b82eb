"""What the API says of itself: the events, and who is told of them."""

from __future__ import annotations

from marketplace.payments.standin import forms, hooks
from marketplace.payments.standin.calls import Call
from marketplace.payments.standin.errors import Refused
from marketplace.payments.standin.shapes import shape
from marketplace.payments.standin.store import Thing


def list_events(call: Call) -> Thing:
    """What happened, newest first; of a kind where asked."""
    kind = call.params.get("type")
    return call.listing("event", **({"type": kind} if kind else {}))


def retrieve_event(call: Call, thing_id: str) -> Thing:
    """One of them."""
    return call.get("event", thing_id)


def create_endpoint(call: Call) -> Thing:
    """Have events told to an address; the secret is said once, here. Raises Refused."""
    url, kinds = call.params["url"], call.params["enabled_events"]
    if not str(url).startswith(("http://", "https://")):
        raise Refused(
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            "url_invalid",
            "url",
        )
    connected = forms.truth(call.params, "connect", False)
    body, secret = hooks.add_endpoint(
        call.books,
        call.merchant.id,
        url,
        kinds=kinds if isinstance(kinds, list) else [kinds],
        hears="connected" if connected else "own",
        description=call.params.get("description"),
    )
    body["metadata"] = forms.merged({}, call.params.get("metadata"))
    return call.books.save(body) | {"secret": secret}


def list_endpoints(call: Call) -> Thing:
    """Every address that is told."""
    return call.listing("webhook_endpoint")


def retrieve_endpoint(call: Call, thing_id: str) -> Thing:
    """One of them."""
    return call.get("webhook_endpoint", thing_id)


def delete_endpoint(call: Call, thing_id: str) -> Thing:
    """Tell it nothing more."""
    call.get("webhook_endpoint", thing_id)
    call.books.remove(thing_id)
    call.books.rows("DELETE FROM endpoint WHERE id = ?", thing_id)
    return shape("deleted_webhook_endpoint", id=thing_id, deleted=True) | {
        "object": "webhook_endpoint"
    }
