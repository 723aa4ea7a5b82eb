"""Which lots are competed for together."""

from tests.rules.answers.people import BOTH, DRAFTERS_ELSEWHERE, OFFICERS, POST, Row

ROWS = [
    # Officers of the lead buyer put their own drafts together.
    Row("together.show", BOTH, "draft lot", OFFICERS, DRAFTERS_ELSEWHERE),
    Row("together.rule", POST, "draft lot", OFFICERS, DRAFTERS_ELSEWHERE),
]
