"""Partners in bids: the lead's pages, the partner's own, and the mailed link."""

from tests.rules.answers.people import (
    BIDDERS,
    BIDDERS_ELSEWHERE,
    BOTH,
    EVERYBODY,
    GET,
    POST,
    WRITERS,
    WRITERS_ELSEWHERE,
    Row,
)

BID = "bid with a partner"

# Harbour Trust leads the bid; its partner is Lantern House, whose people are the other ones.
ROWS = [
    *(
        Row(f"bid_partners.{name}", methods, BID, WRITERS, WRITERS_ELSEWHERE)
        for name, methods in (
            ("index", GET),
            ("new", BOTH),
            ("partner", BOTH),
            ("invite_again", POST),
            ("remove", POST),
        )
    ),
    # The lead does not see, and so does not edit, what is the partner's own.
    Row("partner_bids.index", GET, None, WRITERS | WRITERS_ELSEWHERE),
    Row("partner_bids.show", GET, BID, WRITERS_ELSEWHERE, WRITERS),
    *(
        Row(f"partner_bids.{name}", methods, BID, BIDDERS_ELSEWHERE, BIDDERS)
        for name, methods in (
            ("take_up", POST),
            ("decline", POST),
            ("confirm", BOTH),
            ("change", POST),
            ("withdraw", BOTH),
        )
    ),
    # Whoever holds the link may read it and decline; who cannot take it up is told why.
    Row("partner_invitations.show", GET, "invitation to be a partner", EVERYBODY),
    Row("partner_invitations.answer", POST, "invitation to be a partner", EVERYBODY),
]
