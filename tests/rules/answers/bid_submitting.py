"""What is done with a finished bid."""

from tests.rules.answers.people import BIDDERS, BIDDERS_ELSEWHERE, GET, Row

ROWS = [
    Row("bid_submitting.version_price", GET, "own bid", BIDDERS, BIDDERS_ELSEWHERE),
]
