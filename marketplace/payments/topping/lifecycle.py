"""Every step of a top-up. Nobody takes one by hand: they follow what Stripe says."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from marketplace.lifecycle import Lifecycle, Step, lifecycles
from marketplace.payments.topping.models import TOP_UP_STATES, TopUp, TopUpState

GIVE_UP = Step(
    "give_up",
    frm=(TopUpState.ASKED,),
    to=TopUpState.UNCLEAR,
    label=_l("Ask no more"),
)
COME = Step(
    "come",
    frm=(TopUpState.ASKED, TopUpState.UNCLEAR),
    to=TopUpState.COMING,
    label=_l("On its way"),
)
ARRIVE = Step(
    "arrive",
    frm=(TopUpState.ASKED, TopUpState.UNCLEAR, TopUpState.COMING),
    to=TopUpState.ARRIVED,
    label=_l("Arrived"),
)
FAIL = Step(
    "fail",
    frm=(TopUpState.ASKED, TopUpState.UNCLEAR, TopUpState.COMING),
    to=TopUpState.FAILED,
    label=_l("Failed"),
)
TAKE_BACK = Step(
    "take_back",
    frm=(TopUpState.ARRIVED,),
    to=TopUpState.TAKEN_BACK,
    label=_l("Taken back"),
)
TOP_UP = Lifecycle("top_up", TopUp, TOP_UP_STATES, [GIVE_UP, COME, ARRIVE, FAIL, TAKE_BACK])


def register(app: Flask) -> None:
    """List the lifecycle among the application's."""
    lifecycles(app).append(TOP_UP)
