"""Stripe: bodies' accounts, providers' accounts, top-ups, and who tells us what happened."""

from tests.rules.answers.people import (
    BOTH,
    EVERYBODY,
    GET,
    MANAGERS_ELSEWHERE,
    NOBODY,
    POST,
    Row,
    group,
)

PAYERS = group("contract manager")
OVERSEERS = group("administrator, auditor")
PAYEES = group("finance, trustee")
PAYEES_ELSEWHERE = group("other finance, other trustee")

ROWS = [
    # A body's account: its own people, the administrator who set it up, and the auditor.
    Row("stripe_accounts.index", GET, None, PAYERS | MANAGERS_ELSEWHERE | OVERSEERS),
    Row("stripe_accounts.show", GET, "account at Stripe", PAYERS | OVERSEERS, MANAGERS_ELSEWHERE),
    Row(
        "stripe_accounts.ask",
        POST,
        "account at Stripe",
        PAYERS | group("administrator"),
        MANAGERS_ELSEWHERE,
    ),
    *(
        Row(
            f"stripe_books.{name}",
            GET,
            "account at Stripe",
            PAYERS | OVERSEERS,
            MANAGERS_ELSEWHERE,
        )
        for name in ("show", "csv")
    ),
    Row("topping.index", GET, "account at Stripe", PAYERS | OVERSEERS, MANAGERS_ELSEWHERE),
    # Only those who pay move its money.
    Row("topping.top_up", BOTH, "account at Stripe", PAYERS, MANAGERS_ELSEWHERE),
    Row("payees.of_body", GET, "account at Stripe", PAYERS | OVERSEERS, MANAGERS_ELSEWHERE),
    # By which accounts a provider is paid is its own people's affair.
    Row("payees.index", GET, None, PAYEES | PAYEES_ELSEWHERE),
    Row("payees.show", GET, "account of a provider", PAYEES, PAYEES_ELSEWHERE),
    Row("payees.begin", POST, "account of a provider", PAYEES, PAYEES_ELSEWHERE),
    Row("payees.go", GET, "account of a provider", PAYEES, PAYEES_ELSEWHERE),
    Row("payees.returned", GET, "account of a provider", PAYEES, PAYEES_ELSEWHERE),
    Row("payees.look", POST, "account of a provider", PAYEES, PAYEES_ELSEWHERE),
    # A signature is asked of whoever sends an event, not a session.
    Row("stripe_hooks.receive", POST, "account at Stripe", EVERYBODY, NOBODY),
    # What could not be dealt with is the administrator's, who set the account up.
    *(
        Row(f"stripe_hooks.{name}", POST, "account at Stripe", group("administrator"), NOBODY)
        for name in ("try_again", "set_aside")
    ),
]
