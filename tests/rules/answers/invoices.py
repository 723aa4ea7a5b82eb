"""Invoices to funders, and the shares that stand on them."""

from tests.rules.answers.people import (
    BOTH,
    CONTRACT_BUYERS,
    DECIDERS_ELSEWHERE,
    DRAFTERS_ELSEWHERE,
    GET,
    MANAGERS_ELSEWHERE,
    OFFICERS,
    POST,
    Row,
    group,
)

# The region asks and the Kent PCC is asked: both read it; only the region's manager collects.
ISSUER = OFFICERS | group("contract manager, director")
FUNDER = group("pcc commissioner lead, pcc decision maker")
ELSEWHERE = (DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE | MANAGERS_ELSEWHERE) - FUNDER
SEE = ISSUER | FUNDER | group("auditor")
COLLECT = group("contract manager")
# The funder sees the invoice, but collects nothing.
NOT_COLLECTING = ELSEWHERE & MANAGERS_ELSEWHERE
BUYERS = CONTRACT_BUYERS | DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE | MANAGERS_ELSEWHERE
FUNDED = "contract in the books"

ROWS = [
    # Everybody sees the invoices of their own organisation only; the auditor all.
    Row("invoices.to_pay", GET, None, SEE | ELSEWHERE),
    Row("invoices.asked", GET, None, SEE | ELSEWHERE),
    Row("invoices.show", GET, "invoice to pay", SEE, ELSEWHERE),
    Row("invoices.show", GET, "invoice paid", SEE, ELSEWHERE),
    # What was not sent is not the funder's to see.
    Row("invoices.show", GET, "invoice held", SEE - FUNDER, ELSEWHERE | FUNDER),
    Row("invoices.paper", GET, "invoice to pay", SEE, ELSEWHERE),
    Row("invoices.record", BOTH, "invoice to pay", COLLECT, NOT_COLLECTING),
    Row("invoices.withdraw", BOTH, "invoice to pay", COLLECT, NOT_COLLECTING),
    Row("invoices.ask", POST, "invoice to pay", COLLECT, NOT_COLLECTING),
    Row("invoices.never_came", POST, "invoice paid", COLLECT, NOT_COLLECTING),
    Row("contributions.ask_again", POST, "invoice paid", COLLECT, NOT_COLLECTING),
    *(
        Row(
            f"invoices.{name}",
            POST,
            "invoice held",
            COLLECT,
            NOT_COLLECTING | group("pcc commissioner lead"),
        )
        for name in ("try_again", "without_stripe")
    ),
    # Each sees the shares of the organisation acted for.
    Row("contributions.index", GET, None, BUYERS),
    # The auditor sees what everybody is owed.
    Row("contributions.owed", GET, None, BUYERS | group("auditor")),
    # The share is the Kent PCC's: the buyer itself does not write its number.
    Row(
        "contributions.purchase_order",
        BOTH,
        "share of the PCC",
        group("pcc commissioner lead"),
        COLLECT | NOT_COLLECTING,
    ),
    Row("contributions.ask_now", POST, "share of the PCC", COLLECT, MANAGERS_ELSEWHERE),
]
