"""What was sent from one draft to several services."""

from tests.rules.answers.people import GET, PROBATION_NOT_OF_CASE, TEAM, Row

ROWS = [Row("sending.together", GET, "cases sent together", TEAM, PROBATION_NOT_OF_CASE)]
