"""The list of claims, approving many of them at once, and the limit for a second person."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lots.contracts.books.ceiling import AboveValue
from lots.contracts.claims import actions, limits, queries
from lots.contracts.claims.forms import LimitForm
from lots.contracts.claims.models import ClaimState
from lots.contracts.claims.permissions import ClaimPermission
from lots.contracts.claims.queries import MOST_AT_ONCE, SHOWN, Shown
from lots.contracts.forms import ApproveForm
from marketplace import clock
from marketplace.acting import OrganisationKind
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, Refused, allowed, requires
from marketplace.registry import NavigationEntry, navigation
from marketplace.web.acting import actor

blueprint = Blueprint("claim_lists", "lots", template_folder="templates")


@blueprint.get("/claims")
@requires(ClaimPermission.LIST)
def index() -> str:
    """Claims by what is to be done with them; what is to be approved can be ticked."""
    by = actor()
    is_provider = by.organisation_kind == OrganisationKind.PROVIDER
    asked = request.args.get("show", "")
    shown = Shown(asked) if asked in set(Shown) else None
    counts = queries.counts(by)
    if shown is None:
        shown = Shown.APPROVE if counts[Shown.APPROVE] and not is_provider else Shown.ALL
    page = queries.listed(by, shown)
    return render_template(
        "lots/contracts/claims/index.html",
        page=page,
        shown=shown,
        labels=SHOWN,
        counts=counts,
        before=queries.nets_before(page.items),
        limit=limits.limit_of(by.organisation_id) if by.organisation_id else 0,
        today=clock.today(),
        is_provider=is_provider,
        may_approve=shown == Shown.APPROVE and allowed(by, ClaimPermission.APPROVE_MANY),
        all_ticked=request.args.get("tick") == "all",
        may_set_limit=allowed(by, ClaimPermission.SET_LIMIT),
    )


def _asked() -> list[UUID]:
    """The claims named in the address or the form; what is no id is left out."""
    found = []
    for each in request.values.getlist("claim")[:MOST_AT_ONCE]:
        try:
            found.append(UUID(each))
        except ValueError:
            continue
    return found


@blueprint.route("/claims/approve", methods=["GET", "POST"])
@requires(ClaimPermission.APPROVE_MANY)
def approve_many() -> str | Response:
    """What was ticked, with its sum; one press approves it, each claim by itself."""
    by = actor()
    rows, form = queries.chosen(_asked(), by), ApproveForm()
    if rows and form.validate_on_submit():
        _approve([(row.claim.id, row.reference) for row in rows])
        return redirect(url_for("claim_lists.index"), 303)
    rows = [row for row in rows if row.claim.state == ClaimState.COMPUTED]
    if not rows:
        flash(_("Tick the claims you want to approve. Nothing was approved."))
        return redirect(url_for("claim_lists.index"), 303)
    limit = limits.limit_of(rows[0].claim.contract.buyer_id)
    return render_template(
        "lots/contracts/claims/approve.html",
        rows=rows,
        form=form,
        net=sum(row.net for row in rows),
        vat=sum(row.claim.vat_pence for row in rows),
        limit=limit,
        second=[row for row in rows if row.net > limit],
    )


def _approve(claims: list[tuple[UUID, str]]) -> None:
    """Approve each in a write of its own: one that somebody was faster with stops no other."""
    by, states, above, refused = actor(), [], [], []
    for claim_id, reference in claims:
        try:
            with write():
                states.append(actions.approve(claim_id, by).state)
        except AboveValue:
            above.append(reference)
        except (Refusal, Refused, NotYours):
            refused.append(reference)
    second = states.count(ClaimState.SECOND)
    approved = len(states) - second
    if approved:
        flash(
            ngettext("%(num)s claim is approved.", "%(num)s claims are approved.", approved),
            "success",
        )
    if second:
        flash(
            ngettext(
                "%(num)s claim is above your limit and waits for a second person.",
                "%(num)s claims are above your limit and wait for a second person.",
                second,
            ),
            "success",
        )
    if above:
        flash(
            _(
                "Not approved, because it would be above the contract’s value: %(references)s. "
                "Open the claim to see what to do.",
                references=", ".join(above),
            )
        )
    if refused:
        flash(
            _(
                "Not approved, because they changed meanwhile or are not yours to approve: "
                "%(references)s.",
                references=", ".join(refused),
            )
        )


@blueprint.route("/claims/limit", methods=["GET", "POST"])
@requires(ClaimPermission.SET_LIMIT)
def limit() -> str | Response:
    """Above which amount two people of this buyer approve a claim."""
    by = actor()
    form = LimitForm()
    if form.validate_on_submit():
        with write():
            limits.set_limit(form.pence.data or 0, by)
        flash(_("The limit is set."), "success")
        return redirect(url_for("claim_lists.index"), 303)
    if not form.is_submitted():
        form.pence.data = limits.limit_of(by.organisation_id)
    return render_template("lots/contracts/claims/limit.html", form=form)


def register(app: Flask) -> None:
    """Put the pages into the application, with their link in the header."""
    app.register_blueprint(blueprint)
    entry = NavigationEntry(_l("Claims"), "claim_lists.index", ClaimPermission.LIST, 41)
    navigation(app).append(entry)
