"""Contracts."""

from tests.rules.answers.people import (
    BIDDERS,
    BIDDERS_ELSEWHERE,
    BOTH,
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

ROWS = [
    # Contracts: both sides and the auditor.
    Row(
        "contracts.index",
        GET,
        None,
        CONTRACT_BUYERS | CONTRACT_PROVIDERS | CONTRACT_ELSEWHERE | group("auditor"),
    ),
    Row(
        "contracts.show",
        GET,
        "live contract",
        CONTRACT_BUYERS | CONTRACT_PROVIDERS | group("auditor"),
        CONTRACT_ELSEWHERE,
    ),
    Row(
        "contracts.show",
        GET,
        "contract of a PCC",
        CONTRACT_PROVIDERS | group("pcc commissioner lead, pcc decision maker, auditor"),
        (CONTRACT_BUYERS | CONTRACT_ELSEWHERE) - group("pcc commissioner lead, pcc decision maker"),
    ),
    # Who pays a share of what another buys; the buyer has its own page.
    Row(
        "paid_contracts.show",
        GET,
        "contract paid together",
        group("pcc commissioner lead, pcc decision maker"),
        (CONTRACT_BUYERS | DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE | MANAGERS_ELSEWHERE)
        - group("pcc commissioner lead, pcc decision maker"),
    ),
    Row(
        "contracts.sign",
        BOTH,
        "drafted contract",
        BIDDERS | group("director"),
        BIDDERS_ELSEWHERE | DECIDERS_ELSEWHERE,
    ),
    # Insurance is the provider's point to confirm: the contract manager sees it and may not.
    Row(
        "contracts.confirm",
        BOTH,
        "contract being mobilised",
        BIDDERS | group("service manager"),
        BIDDERS_ELSEWHERE | MANAGERS_ELSEWHERE | group("other service manager"),
    ),
    Row(
        "contracts.go_live",
        POST,
        "contract being mobilised",
        group("contract manager"),
        MANAGERS_ELSEWHERE,
    ),
    *(
        Row(
            f"contracts.{name}",
            methods,
            "live contract",
            group("service manager"),
            group("other service manager"),
        )
        for name, methods in (("places", BOTH), ("pause", BOTH), ("resume", POST))
    ),
]
