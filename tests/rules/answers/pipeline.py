"""What comes up: reading and feeds are open to all, mailed links to whoever holds them."""

from tests.rules.answers.people import (
    BIDDERS,
    BIDDERS_ELSEWHERE,
    BOTH,
    EVERYBODY,
    GET,
    POST,
    SIGNED_IN,
    Row,
)

ROWS = [
    Row("pipeline.index", GET, None, EVERYBODY),
    Row("feeds.atom_feed", GET, None, EVERYBODY),
    Row("feeds.calendar", GET, None, EVERYBODY),
    Row("feeds.listing", GET, None, EVERYBODY),
    Row("feeds.lot_calendar", GET, "open lot", EVERYBODY),
    # Following needs an account, of whatever kind.
    Row("pipeline.followed", GET, None, SIGNED_IN),
    Row("pipeline.follow", POST, "planned lot", SIGNED_IN),
    Row("pipeline.unfollow", POST, "planned lot", SIGNED_IN),
    # Whether a plan can be delivered is answered by whoever would answer for the bid.
    Row("pipeline.viability", BOTH, "planned lot", BIDDERS | BIDDERS_ELSEWHERE),
    # Links in mails are proof enough, signed in or not.
    Row("pipeline.why_not", BOTH, "question why not", EVERYBODY),
    Row("pipeline.why_not_given", GET, None, EVERYBODY),
    Row("alerts.index", BOTH, None, EVERYBODY),
    Row("alerts.sent", GET, None, EVERYBODY),
    Row("alerts.confirm", BOTH, "alert to confirm", EVERYBODY),
    Row("alerts.manage", GET, "mails of a reader", EVERYBODY),
    Row("alerts.remove", POST, "mails of a reader", EVERYBODY),
    Row("alerts.stop", POST, "mails of a reader", EVERYBODY),
    Row("alerts.stopped", GET, None, EVERYBODY),
]
