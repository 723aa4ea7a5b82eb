"""What an error of Stripe's library means for us."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import flash
from flask_babel import gettext as _

from marketplace.payments.paying.rails import Answer

if TYPE_CHECKING:
    from stripe import StripeError

# Stripe's codes for a transfer that was not made, and why (its list of error codes).
SHORT_CODES = frozenset({"balance_insufficient", "insufficient_funds"})
PAYEE_CODES = frozenset(
    {
        "account_closed",
        "account_invalid",
        "insufficient_capabilities_for_transfer",
        "transfers_not_allowed",
    }
)
log = logging.getLogger(__name__)


def answer_of(error: StripeError) -> Answer:
    """What this error says of the transfer that was asked for.

    Only a refusal that Stripe says it made before doing anything is a clear one. A key that was
    used with other parameters, one still in use, a failure on Stripe's side and no answer at all
    leave open what was done.
    """
    import stripe

    if not isinstance(error, stripe.InvalidRequestError | stripe.PermissionError):
        return Answer.UNKNOWN
    if error.code in SHORT_CODES:
        return Answer.SHORT
    if error.code in PAYEE_CODES:
        return Answer.PAYEE_NOT_READY
    return Answer.REFUSED


def is_unclear(error: Exception) -> bool:
    """Whether this failure means that Stripe gave no clear answer, and not that it refused."""
    import stripe

    return isinstance(error, stripe.StripeError) and answer_of(error) == Answer.UNKNOWN


@contextmanager
def no_answer() -> Iterator[None]:
    """Say it to the user where Stripe did not answer as hoped; nothing is lost, all can go on."""
    import stripe

    try:
        yield
    except stripe.StripeError as error:
        log.warning("Stripe did not do it", extra={"stripe_error": type(error).__name__})
        flash(
            _("Stripe did not answer as it should. Nothing was lost. Wait a minute and try again.")
        )
