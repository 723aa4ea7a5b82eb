"""The demonstration: its world, its clock that a page moves forward, and its letter box.

Nothing of it is reachable unless the settings turn the demonstration on.
"""

from __future__ import annotations

import textwrap

import click
from flask import Flask

from marketplace.accounts.queries import demonstration_accounts
from marketplace.acting import ROLES
from marketplace.demonstration import (
    differences,
    letters,
    qualifications,
    questions,
    stripe_accounts,
    views,
    world,
)
from marketplace.registry import DemonstrationPart
from marketplace.registry import demonstration as parts


def build() -> None:
    """Build every floor's part of the world that is not there yet, with progress.

    A part that was built is left as its visitors have changed it; one that was killed half-way is
    finished.
    """
    ordered = sorted(parts(), key=lambda part: part.position)
    with click.progressbar(ordered, label="Building the demonstration world") as bar:
        for part in bar:
            if not world.is_built(part.name):
                part.build()
                letters.deliver_history()
                world.note_built(part.name)


def print_accounts() -> None:
    """Print the demonstration people; each signs in with one click on the sign-in page."""
    people: dict[str, dict[str, list[str]]] = {}
    for role, accounts in demonstration_accounts().items():
        for account in accounts:
            roles = people.setdefault(account.organisation_name, {}).setdefault(account.name, [])
            roles.append(str(ROLES[role]).lower())
    click.echo("Demonstration accounts (one click each, on the sign-in page):")
    for organisation, names in sorted(people.items()):
        click.echo(f"  {organisation}")
        listed = "; ".join(f"{name}, {' and '.join(roles)}" for name, roles in names.items())
        wrapped = textwrap.wrap(listed, 90, break_on_hyphens=False)
        click.echo(textwrap.indent("\n".join(wrapped), "    "))


def register(app: Flask) -> None:
    """Add the demonstration's pages where the settings turn it on."""
    if app.extensions["settings"].demonstration:
        app.register_blueprint(views.blueprint)
    parts(app).append(DemonstrationPart("organisations and people", world.build, 10))
    parts(app).append(DemonstrationPart("stripe accounts", stripe_accounts.build, 12))
    parts(app).append(DemonstrationPart("question bank", questions.build, 15))
    parts(app).append(DemonstrationPart("qualifications", qualifications.build, 16))
    parts(app).append(DemonstrationPart("a difference from Stripe", differences.build, 70))
