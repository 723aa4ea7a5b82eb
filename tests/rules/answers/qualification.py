"""Qualification: the applicant's own, the framework team's to decide, the register for all."""

from tests.rules.answers.people import (
    BIDDERS,
    BIDDERS_ELSEWHERE,
    BOTH,
    EVERYBODY,
    GET,
    POST,
    Row,
    group,
)

READERS = BIDDERS | group("service manager")
READERS_ELSEWHERE = BIDDERS_ELSEWHERE | group("other service manager")
FRAMEWORK = group("framework manager")
READS_ALL = FRAMEWORK | group("auditor")
DRAFT = "application being written"

ROWS = [
    # The register and the numbers are for everybody.
    Row("register.index", GET, None, EVERYBODY),
    Row("register.as_csv", GET, None, EVERYBODY),
    Row("register.as_json", GET, None, EVERYBODY),
    Row("register.show", GET, "listed organisation", EVERYBODY),
    Row("qualification.rules", GET, None, EVERYBODY),
    Row("qualification.new_rules", BOTH, None, FRAMEWORK),
    # The applicant's own.
    Row("qualification.overview", GET, None, READERS | READERS_ELSEWHERE),
    Row("qualification.apply", BOTH, None, BIDDERS | BIDDERS_ELSEWHERE),
    *(
        Row(f"qualification.{name}", GET, DRAFT, READERS, READERS_ELSEWHERE)
        for name in ("application", "check")
    ),
    Row("qualification.application", GET, "application to decide", READERS, READERS_ELSEWHERE),
    *(
        Row(f"qualification.{name}", methods, DRAFT, BIDDERS, BIDDERS_ELSEWHERE)
        for name, methods in (
            ("answers", BOTH),
            ("submit", POST),
            ("discard", POST),
            ("ask_sign_off", POST),
        )
    ),
    Row("qualification.sign_off", BOTH, DRAFT, group("trustee"), group("other trustee")),
    Row("qualification.sign_off_setting", POST, None, group("trustee, other trustee")),
    Row("qualification.correct", BOTH, "application to correct", BIDDERS, BIDDERS_ELSEWHERE),
    Row("qualification.resubmit", POST, "application to correct", BIDDERS, BIDDERS_ELSEWHERE),
    Row("evidence.choose", BOTH, "application with a file", BIDDERS, BIDDERS_ELSEWHERE),
    Row("evidence.remove", POST, "application with a file", BIDDERS, BIDDERS_ELSEWHERE),
    Row("evidence.download", GET, "application with a file", READERS, READERS_ELSEWHERE),
    Row("evidence.assessed", GET, "application with a file", READS_ALL),
    # The framework team's.
    Row("qualification.queue", GET, None, READS_ALL),
    Row("qualification.claim", POST, "application in the queue", FRAMEWORK),
    Row("qualification.decide", GET, "application to decide", READS_ALL),
    Row("qualification.decide", POST, "application to decide", FRAMEWORK),
    Row("qualification.ask_correction", BOTH, "application to decide", FRAMEWORK),
    # What is held.
    Row("held.own", GET, "qualification under notice", READERS, READERS_ELSEWHERE),
    Row("held.reconfirm", BOTH, None, BIDDERS | BIDDERS_ELSEWHERE),
    Row("held.answer", BOTH, "qualification under notice", BIDDERS, BIDDERS_ELSEWHERE),
    Row("held.members", GET, None, FRAMEWORK),
    *(
        Row(f"held.{name}", methods, "qualification", FRAMEWORK)
        for name, methods in (
            ("supervise", GET),
            ("suspend", BOTH),
            ("end_suspension", POST),
            ("notice", BOTH),
        )
    ),
    Row("held.decide", BOTH, "qualification under notice", FRAMEWORK),
]
