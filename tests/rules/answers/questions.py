"""The question bank: written by the framework managers, read by the auditor, published to all."""

from tests.rules.answers.people import BOTH, EVERYBODY, GET, POST, Row, group

MANAGERS = group("framework manager")
READERS = MANAGERS | group("auditor")

ROWS = [
    Row("questions.index", GET, None, READERS),
    Row("questions.new", BOTH, None, MANAGERS),
    *(
        Row(f"questions.{name}", methods, thing, READERS)
        for thing in ("question set", "question draft")
        for name, methods in (("show", GET), ("preview", BOTH), ("comparison", GET))
    ),
    Row("questions.publish", BOTH, "question draft", MANAGERS),
    Row("questions.discard", BOTH, "question draft", MANAGERS),
    *(
        Row(f"question_drafts.{name}", methods, "question draft", MANAGERS)
        for name, methods in (
            ("title", BOTH),
            ("kind", BOTH),
            ("add", BOTH),
            ("change", BOTH),
            ("move", POST),
            ("remove", POST),
        )
    ),
    # What is published is everybody's, and nobody but its authors knows of a draft.
    Row("question_data.index", GET, None, EVERYBODY),
    Row("question_data.index_json", GET, None, EVERYBODY),
    Row("question_data.schema", GET, "question set", EVERYBODY),
]
