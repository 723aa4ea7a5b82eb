"""A competition: its opening, questions, changes, notices, and what anybody takes away."""

from tests.rules.answers.people import (
    BIDDERS,
    BIDDERS_ELSEWHERE,
    BOTH,
    CASEWORKERS,
    DECIDERS_ELSEWHERE,
    DRAFTERS_ELSEWHERE,
    EVERYBODY,
    GET,
    OFFICERS,
    POST,
    Row,
    group,
)

DIRECTOR = group("director")
BUYERS_ELSEWHERE = DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE
# Whoever works for a provider, in whatever role, may ask.
PROVIDERS = (
    BIDDERS
    | BIDDERS_ELSEWHERE
    | CASEWORKERS
    | group("finance, service manager, other finance, other service manager, other caseworker")
)

ROWS = [
    # The decider who did not draft approves; whoever drafts may take it back.
    Row("competition.approve", BOTH, "draft lot", DIRECTOR, DECIDERS_ELSEWHERE),
    Row("competition.take_back", POST, "approved lot", OFFICERS | DIRECTOR, BUYERS_ELSEWHERE),
    # Officers change an open lot, the director decides a material change.
    Row("competition.move_closing", BOTH, "competition", OFFICERS, DRAFTERS_ELSEWHERE),
    Row("competition.change", BOTH, "competition", OFFICERS, DRAFTERS_ELSEWHERE),
    Row(
        "competition.show_change",
        GET,
        "proposed change",
        OFFICERS | DIRECTOR | group("auditor"),
        BUYERS_ELSEWHERE,
    ),
    Row("competition.approve_change", POST, "proposed change", DIRECTOR, DECIDERS_ELSEWHERE),
    Row("competition.drop_change", POST, "proposed change", OFFICERS | DIRECTOR, BUYERS_ELSEWHERE),
    # Providers ask; the buyer reads the questions, the auditor alone who asked them.
    Row("questions_to_buyers.ask", BOTH, "competition", PROVIDERS),
    Row(
        "questions_to_buyers.questions",
        GET,
        "competition",
        OFFICERS | DIRECTOR | group("auditor"),
        BUYERS_ELSEWHERE,
    ),
    Row("questions_to_buyers.answer", BOTH, "question to answer", OFFICERS, DRAFTERS_ELSEWHERE),
    Row("questions_to_buyers.asker", GET, "question to answer", group("auditor")),
    # Everybody takes an open lot away; a draft does not exist for them.
    *(
        Row(f"lot_papers.{name}", GET, "competition", EVERYBODY)
        for name in ("as_text", "as_docx", "as_json", "as_zip")
    ),
    Row("lot_papers.document", GET, "competition", EVERYBODY),
    # A bidder confirms its own bid.
    Row("bid_changes.confirm", POST, "own bid", BIDDERS, BIDDERS_ELSEWHERE),
]
