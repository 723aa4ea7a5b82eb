"""A body's books beside Stripe's: its payers clear up what differs, overseers read it."""

from tests.rules.answers.people import GET, MANAGERS_ELSEWHERE, POST, Row, group

PAYERS = group("contract manager")
READERS = group("contract manager, administrator, auditor")

ROWS = [
    Row("reconciling.index", GET, "account at Stripe", READERS, MANAGERS_ELSEWHERE),
    Row("reconciling.show", GET, "difference from Stripe", READERS, MANAGERS_ELSEWHERE),
    Row("reconciling.take_on", POST, "difference from Stripe", PAYERS, MANAGERS_ELSEWHERE),
    Row("reconciling.explain", POST, "difference from Stripe", PAYERS, MANAGERS_ELSEWHERE),
    Row("reconciling.reopen", POST, "difference from Stripe", PAYERS, MANAGERS_ELSEWHERE),
]
