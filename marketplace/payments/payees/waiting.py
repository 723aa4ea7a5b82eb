"""What waits for a provider's people among its accounts."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _

from marketplace.acting import Acting
from marketplace.payments.payees import queries
from marketplace.payments.payees.models import PayeeState
from marketplace.payments.payees.permissions import PayeePermission
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, waiting

MOST = 10


def waits_for(by: Acting) -> list[WaitingItem]:
    """Accounts that a provider's people must begin or finish."""
    if not allowed(by, PayeePermission.SET_UP):
        return []
    return [
        WaitingItem(
            _("Set up how %(body)s pays you", body=each.body.organisation.name)
            if each.state == PayeeState.WANTED
            else _("Finish setting up how %(body)s pays you", body=each.body.organisation.name),
            url_for("payees.show", account_id=each.id),
        )
        for each in queries.unfinished(by.organisation_id, MOST)
    ]


def register(app: Flask) -> None:
    """Say what waits."""
    waiting(app).append(waits_for)
