"""Payments to providers: who sees them, who makes them, and who says where a provider is paid."""

from tests.rules.answers.people import BOTH, GET, MANAGERS_ELSEWHERE, POST, Row, group

PAYERS = group("contract manager")
PAYEES = group("finance, trustee")
PAYEES_ELSEWHERE = group("other finance, other trustee")
SEE = PAYERS | PAYEES | group("auditor")
SEE_ELSEWHERE = MANAGERS_ELSEWHERE | PAYEES_ELSEWHERE

ROWS = [
    # Everybody sees the payments of their own organisation only; the auditor all.
    Row("payments.index", GET, None, SEE | SEE_ELSEWHERE),
    Row("payments.paid", GET, None, SEE | SEE_ELSEWHERE),
    Row("payments.show", GET, "payment to make", SEE, SEE_ELSEWHERE),
    Row("payments.show", GET, "payment made", SEE, SEE_ELSEWHERE),
    Row("payments.from_our_bank", POST, "payment to make", PAYERS, MANAGERS_ELSEWHERE),
    Row("payments.try_again", POST, "payment to make", PAYERS, MANAGERS_ELSEWHERE),
    Row("payments.ask", POST, "payment to make", PAYERS, MANAGERS_ELSEWHERE),
    Row("payments.came_back", BOTH, "payment made", PAYERS, MANAGERS_ELSEWHERE),
    Row("payments.again", POST, "payment that came back", PAYERS, MANAGERS_ELSEWHERE),
    # Each makes the payments of the organisation acted for.
    Row("payments.export", BOTH, None, PAYERS | MANAGERS_ELSEWHERE),
    Row("payments.record", BOTH, None, PAYERS | MANAGERS_ELSEWHERE),
    # The auditor reads which files were made, and not the bank details in them.
    Row("payments.exports", GET, None, PAYERS | MANAGERS_ELSEWHERE | group("auditor")),
    Row(
        "payments.show_export",
        GET,
        "file for the bank",
        PAYERS | group("auditor"),
        MANAGERS_ELSEWHERE,
    ),
    Row("payments.save_export", GET, "file for the bank", PAYERS, MANAGERS_ELSEWHERE),
    Row("payments.take_back", POST, "file for the bank", PAYERS, MANAGERS_ELSEWHERE),
    Row("payments.take_one_back", POST, "payment given to the bank", PAYERS, MANAGERS_ELSEWHERE),
    # Each sees where the organisation acted for is paid; a trustee does not change it.
    Row("payments.bank_details", GET, None, (SEE | SEE_ELSEWHERE) - group("auditor")),
    Row(
        "payments.set_bank_details",
        BOTH,
        None,
        PAYERS | MANAGERS_ELSEWHERE | group("finance, other finance"),
    ),
]
