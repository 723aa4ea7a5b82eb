"""What the pages of a bid, and those of qualification, show of the library."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, render_template
from markupsafe import Markup

from bids.library.origin import origin_of
from bids.library.queries import MOST_OFFERED, answered, closest, earlier
from bids.library.wording import difference
from bids.models import Bid
from bids.working import answer_to
from lots.models import LotQuestion
from marketplace.acting import Acting
from marketplace.qualification.models import Application
from marketplace.questions.asking import field_name
from marketplace.questions.models import Question
from marketplace.registry import panels
from marketplace.web.acting import actor


def suggestions(bid: Bid, question: LotQuestion) -> Markup:
    """The closest earlier answers to a question of the bid, each with a button to take it over."""
    answer = answer_to(bid, question.id)
    held = answer.text if answer else ""
    found = earlier(actor(), question.concept, question.text, leave_out=bid.id, held=held)
    if not found:
        return Markup()
    return Markup(
        render_template(
            "bids/library/suggestions.html",
            bid=bid,
            question=question,
            held=held,
            edition=answer.edition if answer else 0,
            offers=[(each, difference(each.origin.wording, question.text)) for each in found],
        )
    )


def taken_over(bid: Bid, question: LotQuestion) -> Markup:
    """Whence an answer was taken over, for as long as nobody has read it for this lot."""
    answer = answer_to(bid, question.id)
    if answer is None or not answer.unreviewed or not (origin := origin_of(answer)):
        return Markup()
    return Markup(
        render_template(
            "bids/library/taken_over.html",
            origin=origin,
            difference=difference(origin.wording, question.text),
        )
    )


def fill_in(bid: Bid) -> Markup:
    """The way to have every empty answer filled in, and to read what was."""
    held = {each.question_id: each for each in bid.answers}
    empty = [
        each.concept
        for each in bid.lot.questions
        if each.concept and not (each.id in held and held[each.id].text.strip())
    ]
    found = {each.concept for each in answered(actor(), leave_out=bid.id)} if empty else set()
    return Markup(
        render_template(
            "bids/library/fill_in.html",
            bid=bid,
            number=sum(each in found for each in empty),
            unread=sum(each.unreviewed for each in bid.answers),
        )
    )


def for_application(application: Application, questions: Iterable[Question], by: Acting) -> Markup:
    """The closest earlier answers to the questions of one page of an application."""
    before = answered(by, leave_out=application.id)
    given, offers = application.given, []
    for question in questions:
        found = closest(before, question.concept, question.asked)
        found = [each for each in found if each.text != given.get(question.id, "").strip()]
        if found and not question.legal:
            shown = [(each, difference(each.origin.wording, question.asked)) for each in found]
            offers.append((question, field_name(question), shown[:MOST_OFFERED]))
    if not offers:
        return Markup()
    return Markup(render_template("bids/library/for_application.html", offers=offers))


def register(app: Flask) -> None:
    """Fill the slot that the pages of an application keep free."""
    panels(app).setdefault("qualification_answers", []).append(for_application)
