"""Which questions a draft asks, in order: the task list is made of them, one page each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from referrals.drafts import person_forms as person
from referrals.drafts import place_forms as place
from referrals.drafts import referral_forms as referral
from referrals.drafts import risk_forms as risk
from referrals.drafts.base import QuestionForm
from referrals.drafts.routes import (
    has_rar,
    in_custody,
    is_released,
    is_sentenced,
    is_unallocated,
    of_service,
    slug_of,
)

Answers = Mapping[str, Any]


class Section(StrEnum):
    """The parts of the task list; the last is there once for each service."""

    PERSON = "person"
    PLACE = "place"
    YOU = "you"
    RISK = "risk"
    SUPPORT = "support"
    SENTENCE = "sentence"
    REFERRAL = "referral"
    SERVICE = "service"


SECTIONS = {
    Section.PERSON: _l("The person"),
    Section.PLACE: _l("Where they are"),
    Section.YOU: _l("You and your team"),
    Section.RISK: _l("Risk"),
    Section.SUPPORT: _l("Needs and requirements"),
    Section.SENTENCE: _l("The sentence"),
    Section.REFERRAL: _l("The referral"),
    Section.SERVICE: _l("What the service should do"),
}


@dataclass(frozen=True)
class Question:
    """One page: its slug in the address, its name in the task list, and its form.

    Questions asked once for each need carry the need's code; `position` is the service's.
    """

    slug: str
    section: Section
    label: Any
    form: type[QuestionForm]
    need: str | None = None
    position: int = 1


PERSON = (
    Question("crn", Section.PERSON, _l("CRN or prison number"), person.CrnForm),
    Question("name", Section.PERSON, _l("Name"), person.NameForm),
    Question("born", Section.PERSON, _l("Date of birth"), person.BornForm),
    Question("sex", Section.PERSON, _l("Sex"), person.SexForm),
    Question("contact", Section.PERSON, _l("Contact details"), person.ContactForm),
    Question("language", Section.PERSON, _l("Language"), person.LanguageForm),
)
PLACE = (
    Question("area", Section.PLACE, _l("Area"), place.AreaForm),
    Question("whereabouts", Section.PLACE, _l("Community or prison"), place.WhereaboutsForm),
)
IN_CUSTODY = (
    Question("establishment", Section.PLACE, _l("Prison"), place.EstablishmentForm),
    Question("allocated", Section.PLACE, _l("Allocated practitioner"), place.AllocatedForm),
)
RELEASED = Question("released", Section.PLACE, _l("Release during the work"), place.ReleasedForm)
ON_RELEASE = (
    Question("release", Section.PLACE, _l("Release date"), place.ReleaseForm),
    Question("address", Section.PLACE, _l("Address on release"), place.AddressForm),
)
OFFICE = Question("office", Section.PLACE, _l("Probation office on release"), place.OfficeForm)
PRACTITIONER = Question("practitioner", Section.YOU, _l("Your details"), place.PractitionerForm)
ALLOCATED = Question(
    "practitioner", Section.YOU, _l("Allocated practitioner’s details"), place.AllocatedDetailsForm
)
MAIN_CONTACT = Question(
    "main-contact", Section.YOU, _l("Main point of contact"), place.MainContactForm
)
WORK = (
    Question("restricted", Section.YOU, _l("Who may see the case"), referral.RestrictedForm),
    Question("risk-flags", Section.RISK, _l("Kinds of risk"), risk.RiskFlagsForm),
    Question("risk", Section.RISK, _l("Risk information"), risk.RiskForm),
    Question("other-needs", Section.SUPPORT, _l("Other needs"), risk.AdditionalNeedsForm),
    Question("access", Section.SUPPORT, _l("Accessibility"), risk.AccessForm),
    Question("interpreter", Section.SUPPORT, _l("Interpreter"), risk.InterpreterForm),
    Question(
        "commitments", Section.SUPPORT, _l("Caring and work commitments"), risk.CommitmentsForm
    ),
    Question(
        "sentence-status", Section.SENTENCE, _l("Sentence status"), referral.SentenceStatusForm
    ),
)
SENTENCED = (
    Question(
        "relevant-sentence",
        Section.SENTENCE,
        _l("Relevant sentence"),
        referral.RelevantSentenceForm,
    ),
    Question("sentence", Section.SENTENCE, _l("End of sentence"), referral.SentenceForm),
)
LAST = (
    Question("rar", Section.SENTENCE, _l("Activity requirement"), referral.RarForm),
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


def shared_questions(answers: Answers) -> list[Question]:
    """The questions asked once, however many services the draft is for."""
    asked = [*PERSON, *PLACE]
    if in_custody(answers):
        asked += IN_CUSTODY
        if is_unallocated(answers):
            asked.append(RELEASED)
        if is_released(answers):
            asked += ON_RELEASE
            if is_unallocated(answers):
                asked.append(OFFICE)
    if in_custody(answers):
        asked.append(MAIN_CONTACT if is_unallocated(answers) else ALLOCATED)
    else:
        asked.append(PRACTITIONER)
    asked += WORK
    if is_sentenced(answers):
        asked += SENTENCED
    return [*asked, *LAST]


def service_questions(
    answers: Answers, offered_needs: list[str], position: int = 1
) -> list[Question]:
    """The questions asked for one service, `answers` being what the draft says to it."""
    asked: list[tuple[str, Any, type[QuestionForm], str | None]] = []
    if len(offered_needs) > 1:
        asked.append(("needs", _l("Needs to be met"), referral.NeedsForm, None))
    for code in chosen_needs(answers, offered_needs):
        asked.append((f"outcomes-{code}", _l("Outcomes"), referral.OutcomesForm, code))
        asked.append((f"complexity-{code}", _l("Complexity"), referral.ComplexityForm, code))
    if has_rar(answers):
        asked.append(("rar-days", _l("Enforceable days"), referral.RarDaysForm, None))
    return [
        Question(slug_of(slug, position), Section.SERVICE, label, form, need, position)
        for slug, label, form, need in asked
    ]


def questions(answers: Answers, services: Sequence[tuple[int, list[str]]]) -> list[Question]:
    """Every question of a draft for these services: (position, the needs it meets)."""
    asked = shared_questions(answers)
    for position, offered_needs in services:
        asked += service_questions(of_service(answers, position), offered_needs, position)
    return asked


def unanswered(answers: Answers, offered_needs: list[str]) -> list[Question]:
    """The questions to one service still to be answered; `answers` is what is said to it."""
    asked = [*shared_questions(answers), *service_questions(answers, offered_needs)]
    # Needs that the service no longer meets are as good as none.
    no_need = not chosen_needs(answers, offered_needs)
    return [
        each for each in asked if each.slug not in answers or (each.slug == "needs" and no_need)
    ]
