"""The funds that stand from the beginning."""

from __future__ import annotations

import click
from flask import Flask

from lots.funding.fund_actions import load_funds
from marketplace.database import write


@click.command("load-funds")
def load() -> None:
    """Add each region's innovation fund; what is already there stays."""
    with write():
        added = load_funds()
    click.echo(f"Funds are loaded ({added} new).")


def register(app: Flask) -> None:
    """Add the command to `flask --app wsgi`."""
    app.cli.add_command(load)
