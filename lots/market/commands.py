"""Commands: load published awards, print the market report."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask

from lots.market.awards import BadAwardsFile
from lots.market.load import DAY_ONE, load_awards
from lots.market.queries import market_report
from marketplace import clock
from marketplace.areas.queries import region_names
from marketplace.categories.queries import service_names
from marketplace.database import write
from marketplace.money import format_pounds

FIGURES = ("contracts", "lead_providers", "voluntary_lead_providers", "value_gbp")


@click.command("load-awards")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=DAY_ONE
)
def load(file: Path) -> None:
    """Load published awards from a CSV file; without one, those of May 2021.

    A bad file is refused whole and every bad line named. Awards loaded earlier stay as they are.
    """
    with file.open("rb") as lines:
        length = max(sum(1 for _line in lines) - 1, 0)
    try:
        with write(), click.progressbar(length=length, label="Loading awards") as bar:
            added = load_awards(file, lambda: bar.update(1))
    except BadAwardsFile as bad:
        for problem in bad.problems:
            click.echo(str(problem), err=True)
        raise click.ClickException(
            f"{len(bad.problems)} problems in {file.name}; nothing was loaded."
        ) from bad
    click.echo(f"{added} awards added; what was there already stays.")


@click.command("market-report")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day, YYYY-MM-DD; else today.")
@click.option("--demonstration", is_flag=True, help="Count the demonstration's contracts as well.")
@click.option("--json", "as_json", is_flag=True, help="Print the open data.")
def report(on: datetime | None, demonstration: bool, as_json: bool) -> None:
    """Print the market as it was on a day."""
    figures = market_report(on.date() if on else clock.today(), demonstration)
    if as_json:
        click.echo(json.dumps(figures, indent=2))
        return
    share = figures["voluntary_value_share"]
    click.echo(f"Market on {figures['on']}")
    click.echo(f"  contracts               {figures['contracts']}")
    click.echo(f"  award lines             {figures['awards']}")
    click.echo(f"  lead providers          {figures['lead_providers']}")
    click.echo(f"  of them voluntary       {figures['voluntary_lead_providers']}")
    click.echo(f"  value                   {_money(figures['value_gbp'])}")
    click.echo(f"  voluntary share         {'none' if share is None else f'{share:.1%}'}")
    for heading, part, names in (
        ("By service", "services", service_names()),
        ("By region", "regions", region_names()),
    ):
        click.echo(f"\n{heading:<38}{'contracts':>10}{'leads':>8}{'voluntary':>11}{'value':>16}")
        for code, row in figures[part].items():
            click.echo(_row(names[code], row))


def _row(name: str, row: dict[str, Any]) -> str:
    contracts, leads, voluntary, value = (row[figure] for figure in FIGURES)
    return f"  {name:<36}{contracts:>10}{leads:>8}{voluntary:>11}{_money(value):>16}"


def _money(pounds: int | float) -> str:
    return format_pounds(round(pounds * 100))


def register(app: Flask) -> None:
    """Add the commands to `flask --app wsgi`."""
    app.cli.add_command(load)
    app.cli.add_command(report)
