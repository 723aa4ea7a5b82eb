"""The directory for machines; no account and no key are needed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, request

from marketplace.paging import page_asked
from marketplace.permissions import public
from marketplace.web.kept import kept
from referrals.services import open_referral

blueprint = Blueprint("open_referral", "referrals")


@blueprint.get("/api/open-referral/services")
@public
def services() -> Any:
    """The services that take referrals today, by page (`page`, `per_page`)."""
    size = request.args.get("per_page", open_referral.SIZE, int)
    return kept(jsonify(open_referral.page(page_asked(), size)))


@blueprint.get("/api/open-referral/services/<uuid:contract_area_id>")
@public
def service(contract_area_id: UUID) -> Any:
    """One service, also one that takes nobody at present."""
    return kept(jsonify(open_referral.one(contract_area_id)))
