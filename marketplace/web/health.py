"""Whether this process lives, can serve, and whether the jobs run."""

from __future__ import annotations

from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from marketplace import jobs
from marketplace.database import db
from marketplace.permissions import public

pages = Blueprint("health", __name__, url_prefix="/health")


@pages.get("/live")
@public
def live() -> Any:
    """200 as long as the process answers."""
    return jsonify(status="live")


@pages.get("/ready")
@public
def ready() -> Any:
    """200 where the database answers, its schema is this program's, and the keys are there."""
    problems = [name for name, holds in _needed().items() if not holds]
    if problems:
        return jsonify(status="not ready", problems=problems), 503
    return jsonify(status="ready")


@pages.get("/jobs")
@public
def jobs_running() -> Any:
    """200 while the jobs' heartbeat is fresh, else 503."""
    if jobs.late():
        return jsonify(status="late"), 503
    return jsonify(status="running")


def _needed() -> dict[str, bool]:
    return {"database": (schema := _schema()) is not None, "schema": bool(schema), "keys": _keys()}


def _schema() -> bool | None:
    """Whether the schema is at the newest migration; None where the database does not answer."""
    directory = current_app.extensions["migrate"].directory
    try:
        found = MigrationContext.configure(db.session.connection()).get_current_heads()
    except SQLAlchemyError:
        db.session.remove()
        return None
    return set(found) == set(ScriptDirectory(directory).get_heads())


def _keys() -> bool:
    return "keyring" in current_app.extensions


def register(app: Flask) -> None:
    """Serve the three health addresses."""
    app.register_blueprint(pages)
