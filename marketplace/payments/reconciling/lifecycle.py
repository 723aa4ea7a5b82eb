"""Every step of a difference: a person explains it, a later comparison no longer finds it."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from marketplace.lifecycle import Lifecycle, Step, lifecycles
from marketplace.payments.reconciling.models import MISMATCH_STATES, Mismatch, MismatchState
from marketplace.payments.reconciling.permissions import ReconcilingPermission

EXPLAIN = Step(
    "explain",
    frm=(MismatchState.OPEN,),
    to=MismatchState.EXPLAINED,
    label=_l("Explain it"),
    permission=ReconcilingPermission.CLEAR_UP,
)
REOPEN = Step(
    "reopen",
    frm=(MismatchState.EXPLAINED,),
    to=MismatchState.OPEN,
    label=_l("Open it again"),
    permission=ReconcilingPermission.CLEAR_UP,
)
SETTLE = Step(
    "settle",
    frm=(MismatchState.OPEN, MismatchState.EXPLAINED),
    to=MismatchState.SETTLED,
    label=_l("No longer found"),
)
FIND_AGAIN = Step(
    "find_again",
    frm=(MismatchState.SETTLED,),
    to=MismatchState.OPEN,
    label=_l("Found again"),
)
MISMATCH = Lifecycle("mismatch", Mismatch, MISMATCH_STATES, [EXPLAIN, REOPEN, SETTLE, FIND_AGAIN])


def register(app: Flask) -> None:
    """List the lifecycle among the application's."""
    lifecycles(app).append(MISMATCH)
