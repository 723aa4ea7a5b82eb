"""The commands of the ground: set up, serve, run the jobs, verify the audit."""

from __future__ import annotations

import click
import flask_migrate
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask, current_app
from flask.globals import app_ctx
from sqlalchemy import func, select

from marketplace import audit, clock, demonstration, jobs
from marketplace.areas.actions import load_areas
from marketplace.categories.actions import load_categories
from marketplace.database import db, write
from marketplace.keyring import RING, add_key
from marketplace.lifecycle import lifecycles
from marketplace.qualification.policies import load_first_policy
from marketplace.questions.loading import load_question_sets

WAITRESS_THREADS = 8


@click.command("load-reference")
@click.pass_context
def load_reference(context: click.Context) -> None:
    """Load areas, categories, outcomes and the market's policy; what is already there stays."""
    with write():
        load_areas()
        load_categories()
        load_question_sets()
        load_first_policy()
    context.invoke(current_app.cli.commands["load-policies"])
    click.echo("Reference data is loaded.")


@click.command("setup")
@click.pass_context
def setup(context: click.Context) -> None:
    """Migrate, load reference data and the real awards, and build the demonstration."""
    flask_migrate.upgrade()
    context.invoke(load_reference)
    for name in ("load-funds", "load-awards"):
        context.invoke(current_app.cli.commands[name])
    if current_app.extensions["settings"].demonstration:
        demonstration.build()


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve the product with the embedded server, running the jobs beside it where set."""
    from waitress import serve as waitress_serve

    app = app_ctx.app
    clock.judged_now()  # refuses to start on a moved clock in production
    if app.extensions["settings"].jobs_in_server:
        jobs.start(app, BackgroundScheduler())
    click.echo(f"\nThe marketplace is at http://{host}:{port} (stop it with Ctrl+C)")
    if app.extensions["settings"].demonstration:
        demonstration.print_accounts()
    db.session.remove()
    try:
        waitress_serve(app, host=host, port=port, threads=WAITRESS_THREADS, ident=None)
    except OSError as error:
        raise click.ClickException(
            f"Port {port} cannot be used ({error.strerror}). Choose another: make run PORT=8001"
        ) from error


@click.command("jobs")
@click.option("--once", is_flag=True, help="One round, then stop.")
def run_jobs(once: bool) -> None:
    """Run the jobs until stopped; of several such processes one works and the others wait."""
    app = app_ctx.app
    clock.judged_now()  # refuses to start on a moved clock in production
    db.session.remove()
    if not once:
        jobs.start(app, BlockingScheduler())
        return
    if not jobs.tick(app):
        raise click.ClickException("Another process is running the jobs at this moment.")
    click.echo("One round of jobs is done.")


@click.command("verify-audit")
def verify_audit() -> None:
    """Recompute the audit chain; ends with 1 where it does not hold."""
    length = db.session.scalar(select(func.count()).select_from(audit.AuditEvent)) or 0
    done = 0
    with click.progressbar(length=length, label="Checking the chain") as bar:

        def advance(checked: int) -> None:
            nonlocal done
            bar.update(checked - done)
            done = checked

        verdict = audit.verify(advance)
        bar.update(verdict.checked - done)
    if verdict.broken_at is not None:
        raise click.ClickException(f"The chain is broken at event {verdict.broken_at}.")
    if not verdict.tail_holds:
        raise click.ClickException("Events are missing at the end of the chain.")
    click.echo(f"The chain holds: {verdict.checked} events.")


@click.command("add-ring-key")
def add_ring_key() -> None:
    """Put a new key on the ring; it encrypts from now on, the ones before it still decrypt."""
    settings = current_app.extensions["settings"]
    name = add_key(settings.instance / RING)
    click.echo(
        f"Key {name} is on the ring. Back the ring up, restart every process, then run "
        "`flask --app wsgi rewrap-keys`."
    )


def state_machines(app: Flask) -> str:
    """Every lifecycle as a Mermaid diagram under its name, as it stands in the documentation."""
    drawings = sorted(lifecycles(app), key=lambda each: each.kind)
    return "\n\n".join(
        f"### {each.kind.replace('_', ' ')}\n\n```mermaid\n{each.draw()}\n```" for each in drawings
    )


@click.command("draw-states")
def draw_states() -> None:
    """Print every state machine, for docs/architecture.md."""
    click.echo(state_machines(app_ctx.app))


def register(app: Flask) -> None:
    """Add the commands to `flask --app wsgi`."""
    for command in (
        load_reference,
        setup,
        serve,
        run_jobs,
        verify_audit,
        add_ring_key,
        draw_states,
    ):
        app.cli.add_command(command)
