"""Changes to contracts, partners in them, and what everybody sees of them."""

from tests.rules.answers.people import (
    BIDDERS,
    BIDDERS_ELSEWHERE,
    BOTH,
    CONTRACT_BUYERS,
    CONTRACT_ELSEWHERE,
    CONTRACT_PROVIDERS,
    DECIDERS_ELSEWHERE,
    EVERYBODY,
    GET,
    MANAGERS_ELSEWHERE,
    POST,
    Row,
    group,
)

READERS = CONTRACT_BUYERS | CONTRACT_PROVIDERS | group("auditor")
PROPOSERS_ELSEWHERE = (
    BIDDERS_ELSEWHERE | DECIDERS_ELSEWHERE | MANAGERS_ELSEWHERE | group("other service manager")
)
SIGNERS_ELSEWHERE = BIDDERS_ELSEWHERE | DECIDERS_ELSEWHERE
MONEY_ELSEWHERE = BIDDERS_ELSEWHERE | group("other finance, other service manager")
ROWS = [
    Row("agreements.agreement", GET, "led contract", READERS, CONTRACT_ELSEWHERE),
    Row("published_contracts.index", GET, None, EVERYBODY),
    Row("published_contracts.show", GET, "led contract", EVERYBODY),
    *(
        Row(
            f"changes.{name}",
            methods,
            "contract to change",
            BIDDERS | group("service manager, contract manager, director"),
            PROPOSERS_ELSEWHERE,
        )
        for name, methods in (("choose", GET), ("propose", BOTH))
    ),
    Row("changes.show", GET, "change to sign", READERS, CONTRACT_ELSEWHERE),
    Row("changes.text", GET, "change to sign", READERS, CONTRACT_ELSEWHERE),
    # The provider's service manager has proposed it: the provider withdraws, the buyer refuses.
    Row("changes.sign", BOTH, "change to sign", BIDDERS | group("director"), SIGNERS_ELSEWHERE),
    Row("changes.refuse", BOTH, "change to sign", group("director"), SIGNERS_ELSEWHERE),
    Row(
        "changes.withdraw",
        POST,
        "change to sign",
        BIDDERS | group("service manager"),
        PROPOSERS_ELSEWHERE,
    ),
    Row("contract_partners.index", GET, "led contract", READERS, CONTRACT_ELSEWHERE),
    Row("contract_partners.index_csv", GET, "led contract", READERS, CONTRACT_ELSEWHERE),
    Row("contract_partners.state", BOTH, "led contract", CONTRACT_PROVIDERS, MONEY_ELSEWHERE),
    # The partner is the other provider: only its own people answer, the lead's do not.
    Row("contract_partners.own", GET, "led contract", MONEY_ELSEWHERE, CONTRACT_PROVIDERS),
    Row("contract_partners.own_csv", GET, "led contract", MONEY_ELSEWHERE, CONTRACT_PROVIDERS),
    Row("contract_partners.confirm", POST, "led contract", MONEY_ELSEWHERE, CONTRACT_PROVIDERS),
    Row("contract_partners.dispute", BOTH, "led contract", MONEY_ELSEWHERE, CONTRACT_PROVIDERS),
]
