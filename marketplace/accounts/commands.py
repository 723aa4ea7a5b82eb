"""The command that makes the first administrator."""

from __future__ import annotations

import click
from flask import current_app
from sqlalchemy import select

from marketplace import clock
from marketplace.accounts.memberships import invite
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, new_id, write
from marketplace.organisations.models import Organisation

NATIONAL_TEAM = "National framework team"


@click.command("create-administrator")
@click.argument("email")
def create_administrator(email: str) -> None:
    """Invite EMAIL as administrator; prints the link that the mail holds too."""
    with write():
        token = invite(_national_organisation(), Role.ADMINISTRATOR, email, by=None)
    address = current_app.extensions["settings"].address.rstrip("/")
    click.echo("Open this link within 7 days to set up the account:")
    click.echo(f"{address}/invitation/{token}")


def _national_organisation() -> Organisation:
    national = db.session.scalars(
        select(Organisation)
        .where(Organisation.kind == OrganisationKind.NATIONAL, ~Organisation.is_demonstration)
        .order_by(Organisation.name)
    ).first()
    if national is None:
        national = Organisation(
            id=new_id(),
            kind=OrganisationKind.NATIONAL,
            name=NATIONAL_TEAM,
            created_at=clock.now(),
        )
        db.session.add(national)
        db.session.flush()
    return national
