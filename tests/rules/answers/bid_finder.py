"""The partner finder: providers look, bid managers and trustees write for their organisation."""

from tests.rules.answers.people import (
    BIDDERS,
    BIDDERS_ELSEWHERE,
    BOTH,
    GET,
    POST,
    PROVIDER_PEOPLE,
    PROVIDER_PEOPLE_ELSEWHERE,
    Row,
)

ALL = BIDDERS | BIDDERS_ELSEWHERE
ROWS = [
    Row("finder.index", GET, None, PROVIDER_PEOPLE | PROVIDER_PEOPLE_ELSEWHERE),
    Row("finder.own", GET, None, ALL),
    Row("finder.new", BOTH, None, ALL),
    Row("finder.threads", GET, None, ALL),
    # An entry is its organisation's to change, and the others' to write about.
    Row("finder.change", BOTH, "own entry", BIDDERS, BIDDERS_ELSEWHERE),
    Row("finder.take_down", POST, "own entry", BIDDERS, BIDDERS_ELSEWHERE),
    Row("finder.first", BOTH, "own entry", BIDDERS_ELSEWHERE, BIDDERS),
    # A conversation is that of two organisations alone.
    Row("finder.thread", BOTH, "conversation", BIDDERS, BIDDERS_ELSEWHERE),
    Row("finder.end", BOTH, "conversation", BIDDERS, BIDDERS_ELSEWHERE),
]
