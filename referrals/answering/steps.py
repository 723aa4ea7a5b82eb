"""One page for one step of a case: its question, and what is shown to whoever comes too late."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.acting import Acting
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.observations import observe_read
from marketplace.once import AlreadySent
from marketplace.web.acting import actor
from marketplace.web.fields import Form, LongTextField
from referrals import queries
from referrals.frame import render_case

Answer = str | Response | tuple[str, int]


def step_page(
    referral_id: UUID,
    form: Form,
    act: Callable[[Any, Acting], Any],
    button: str,
    done: str,
    expect: Callable[[Any], None],
    to: str = "cases.show",
    **shown: Any,
) -> Answer:
    """Ask for one step of a case, and take it; reading the page is reading the case.

    `expect(referral)` raises where the step does not fit any more; `to` is the page afterwards.
    Whoever comes too late is told so and gets back what they typed.
    """
    by = actor()
    if request.method == "POST" and form.validate():
        try:
            with write():
                act(form, by)
        except Refusal as refusal:
            return refused_page(referral_id, refusal, form)
        return back_to(referral_id, done, to)
    referral = queries.case(referral_id, by)
    try:
        expect(referral)
    except Refusal as refusal:
        return refused_page(referral_id, refusal, form)
    observe_read("referral", referral_id, by)
    return render_case(
        "referrals/answering/step.html", referral, by, form=form, button=button, **shown
    )


def refused_page(
    referral_id: UUID, refusal: Refusal, fields: Iterable[Any] = ()
) -> tuple[str, int]:
    """Why a step cannot be taken any more, with the long texts that were typed, to be copied.

    What stands in these fields without having been sent with them is not shown.
    """
    by = actor()
    db.session.rollback()
    referral = queries.case(referral_id, by)
    observe_read("referral", referral_id, by)
    typed = [
        (field.label.text, field.data)
        for field in fields
        if isinstance(field, LongTextField) and field.raw_data and field.data
    ]
    page = render_case(
        "referrals/answering/refused.html", referral, by, why=refusal.text, typed=typed
    )
    return page, 409


def say_above(form: Form, refusal: Refusal) -> None:
    """Say above a form what stands against it; one that was sent before is answered as everywhere.

    Raises AlreadySent.
    """
    if isinstance(refusal, AlreadySent):
        raise refusal
    form.form_errors.append(str(refusal.text))


def back_to(referral_id: UUID, done: str, endpoint: str = "cases.show") -> Response:
    """Back to a page of the case, saying what was done."""
    flash(done, "success")
    return redirect(url_for(endpoint, referral_id=referral_id), 303)
