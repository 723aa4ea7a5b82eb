"""Which questions a draft asks, in order: the task list is made of them, one page each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from referrals.codes import Whereabouts
from referrals.drafts import person_forms as person
from referrals.drafts import referral_forms as referral
from referrals.drafts.base import QuestionForm

Answers = Mapping[str, Any]


class Section(StrEnum):
    """The parts of the task list."""

    PERSON = "person"
    PLACE = "place"
    YOU = "you"
    RISK = "risk"
    SUPPORT = "support"
    REFERRAL = "referral"


SECTIONS = {
    Section.PERSON: _l("The person"),
    Section.PLACE: _l("Where they are"),
    Section.YOU: _l("You and your team"),
    Section.RISK: _l("Risk"),
    Section.SUPPORT: _l("Needs and requirements"),
    Section.REFERRAL: _l("The referral"),
}


@dataclass(frozen=True)
class Question:
    """One page: its slug in the address, its name in the task list, and its form.

    Questions asked once for each need carry the need's code.
    """

    slug: str
    section: Section
    label: Any
    form: type[QuestionForm]
    need: str | None = None


BEFORE_WHEREABOUTS = (
    Question("crn", Section.PERSON, _l("CRN or prison number"), person.CrnForm),
    Question("name", Section.PERSON, _l("Name"), person.NameForm),
    Question("born", Section.PERSON, _l("Date of birth"), person.BornForm),
    Question("sex", Section.PERSON, _l("Sex"), person.SexForm),
    Question("contact", Section.PERSON, _l("Contact details"), person.ContactForm),
    Question("language", Section.PERSON, _l("Language"), person.LanguageForm),
    Question("area", Section.PLACE, _l("Area"), person.AreaForm),
    Question("whereabouts", Section.PLACE, _l("Community or prison"), person.WhereaboutsForm),
)
IN_CUSTODY = (
    Question("prison", Section.PLACE, _l("Prison"), person.PrisonForm),
    Question("release", Section.PLACE, _l("Release date"), person.ReleaseForm),
)
AFTER_WHEREABOUTS = (
    Question("practitioner", Section.YOU, _l("Your details"), person.PractitionerForm),
    Question("restricted", Section.YOU, _l("Who may see the case"), referral.RestrictedForm),
    Question("risk", Section.RISK, _l("Risk information"), person.RiskForm),
    Question("support", Section.SUPPORT, _l("Other needs, accessibility"), person.SupportForm),
    Question("interpreter", Section.SUPPORT, _l("Interpreter"), person.InterpreterForm),
    Question(
        "commitments", Section.SUPPORT, _l("Caring and work commitments"), person.CommitmentsForm
    ),
)
NEEDS = Question("needs", Section.REFERRAL, _l("Needs to be met"), referral.NeedsForm)
LAST = (
    Question("sentence", Section.REFERRAL, _l("End of sentence"), referral.SentenceForm),
    Question("rar-days", Section.REFERRAL, _l("Enforceable days"), referral.RarDaysForm),
    Question("complete-by", Section.REFERRAL, _l("Completion date"), referral.CompleteByForm),
    Question("reason", Section.REFERRAL, _l("Reason and aims"), referral.ReasonForm),
    Question("priority", Section.REFERRAL, _l("Priority"), referral.PriorityForm),
)


def chosen_needs(answers: Answers, offered: list[str]) -> list[str]:
    """The codes of the needs to be met, in the service's order; the only one needs no choice."""
    if len(offered) == 1:
        return list(offered)
    chosen = answers.get("needs", {}).get("needs") or []
    return [code for code in offered if code in chosen]


def questions(answers: Answers, offered_needs: list[str]) -> list[Question]:
    """Every question this draft must answer, given what it says so far."""
    custody = answers.get("whereabouts", {}).get("whereabouts") == Whereabouts.CUSTODY
    asked = [*BEFORE_WHEREABOUTS, *(IN_CUSTODY if custody else ()), *AFTER_WHEREABOUTS]
    if len(offered_needs) > 1:
        asked.append(NEEDS)
    for code in chosen_needs(answers, offered_needs):
        asked.append(
            Question(
                f"outcomes-{code}", Section.REFERRAL, _l("Outcomes"), referral.OutcomesForm, code
            )
        )
        asked.append(
            Question(
                f"complexity-{code}",
                Section.REFERRAL,
                _l("Complexity"),
                referral.ComplexityForm,
                code,
            )
        )
    return [*asked, *LAST]


def unanswered(answers: Answers, offered_needs: list[str]) -> list[Question]:
    """The questions still to be answered before the referral can be sent."""
    asked = questions(answers, offered_needs)
    missing = [each for each in asked if each.slug not in answers]
    # Needs that the service no longer meets are as good as none.
    if NEEDS in asked and NEEDS not in missing and not chosen_needs(answers, offered_needs):
        missing.append(NEEDS)
    return missing
