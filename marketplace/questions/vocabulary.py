"""The fixed words of the question bank: kinds of question, readers, states."""

from __future__ import annotations

import re
from enum import StrEnum

from flask_babel import lazy_gettext as _l

# A concept and an option's value: small letters, figures and hyphens.
CODE = re.compile(r"[a-z][a-z0-9-]{0,59}")

# A set's purpose: a word, and the code of the category where it is for one only.
PURPOSE = re.compile(r"[a-z_]{1,30}(:[a-z0-9-]{1,60})?")

QUALIFICATION = "qualification"
CATEGORY = "qualification_category"
LOT = "lot"

PURPOSES = {
    QUALIFICATION: _l("Asked once of every organisation"),
    CATEGORY: _l("Asked for each category"),
    LOT: _l("Offered to officers for their lots"),
}


class QuestionKind(StrEnum):
    """How a question is answered; a confirmation is a yes without which it is not passed."""

    WORDS = "words"
    CONFIRM = "confirm"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    DATE = "date"
    FILE = "file"


QUESTION_KINDS = {
    QuestionKind.WORDS: _l("In words"),
    QuestionKind.CONFIRM: _l("A statement to confirm"),
    QuestionKind.CHOICE: _l("One of several options"),
    QuestionKind.CHOICES: _l("Any of several options"),
    QuestionKind.NUMBER: _l("A whole number"),
    QuestionKind.DATE: _l("A date"),
    QuestionKind.FILE: _l("A file"),
}

OF_OPTIONS = (QuestionKind.CHOICE, QuestionKind.CHOICES)


class Reader(StrEnum):
    """Who reads an answer."""

    FRAMEWORK_TEAM = "framework_team"
    PANEL = "panel"
    PUBLIC = "public"
    BUYER = "buyer"


READERS = {
    Reader.FRAMEWORK_TEAM: _l("the framework team"),
    Reader.PANEL: _l("the panel that scores bids"),
    Reader.PUBLIC: _l("everybody, on the public register"),
    Reader.BUYER: _l("the buyer of a lot"),
}


class SetState(StrEnum):
    """A version is written as a draft and never changes once it is published."""

    DRAFT = "draft"
    PUBLISHED = "published"


SET_STATES = {SetState.DRAFT: _l("Draft"), SetState.PUBLISHED: _l("Published")}
