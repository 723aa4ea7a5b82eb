"""Statements of money, and what a funder is given back."""

from tests.rules.answers.people import (
    BIDDERS_ELSEWHERE,
    CONTRACT_BUYERS,
    CONTRACT_ELSEWHERE,
    CONTRACT_PROVIDERS,
    DECIDERS_ELSEWHERE,
    DRAFTERS_ELSEWHERE,
    GET,
    MANAGERS_ELSEWHERE,
    POST,
    Row,
    group,
)

# Both sides and the auditor; whoever pays a share reads its own books instead.
READERS = CONTRACT_BUYERS | CONTRACT_PROVIDERS | group("auditor")
PROVIDERS_ELSEWHERE = BIDDERS_ELSEWHERE | group("other finance, other service manager")
PAYERS = group("pcc commissioner lead, pcc decision maker")
BUYERS_ELSEWHERE = (DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE | MANAGERS_ELSEWHERE) - PAYERS

ROWS = [
    Row("books.index", GET, None, READERS | CONTRACT_ELSEWHERE),
    Row("books.contract", GET, "contract in the books", READERS, CONTRACT_ELSEWHERE),
    Row("books.contract_csv", GET, "contract in the books", READERS, CONTRACT_ELSEWHERE),
    Row(
        "books.provider",
        GET,
        "provider in the books",
        CONTRACT_PROVIDERS | group("auditor"),
        PROVIDERS_ELSEWHERE,
    ),
    Row(
        "books.provider_csv",
        GET,
        "provider in the books",
        CONTRACT_PROVIDERS | group("auditor"),
        PROVIDERS_ELSEWHERE,
    ),
    Row(
        "books.funder",
        GET,
        "funder in the books",
        PAYERS | group("auditor"),
        CONTRACT_BUYERS | BUYERS_ELSEWHERE,
    ),
    Row(
        "books.funder_csv",
        GET,
        "funder in the books",
        PAYERS | group("auditor"),
        CONTRACT_BUYERS | BUYERS_ELSEWHERE,
    ),
    # Only the buyer that got the money back gives it on; a funder cannot say so itself.
    Row(
        "books.give_back",
        POST,
        "contract in the books",
        group("contract manager"),
        MANAGERS_ELSEWHERE,
    ),
]
