"""What the product is measured against: a bare answer, and the same three writes with nothing else.

Served by gunicorn as `tests.bench.minimal:app` on the database of `MINIMAL_DATABASE_URL`.
"""

from __future__ import annotations

import os
import random
import uuid

from flask import Flask, redirect, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, LargeBinary, String, Text, Uuid, func, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.wrappers import Response

# Services that are referred to, here and in the product, in turn or at random.
SLOTS = 20


class Base(DeclarativeBase):
    """The three tables a referral needs at the very least."""


db = SQLAlchemy(model_class=Base)


class Slot(db.Model):
    """A service with places."""

    __tablename__ = "minimal_slot"
    id: Mapped[int] = mapped_column(primary_key=True)
    places: Mapped[int]
    reserved: Mapped[int]


class Sent(db.Model):
    """A referral."""

    __tablename__ = "minimal_sent"
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    slot_id: Mapped[int] = mapped_column(ForeignKey("minimal_slot.id"), index=True)
    send_key: Mapped[str] = mapped_column(String(40), unique=True)
    content: Mapped[str] = mapped_column(Text)


class Event(db.Model):
    """What happened."""

    __tablename__ = "minimal_event"
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    sent_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    action: Mapped[str] = mapped_column(String(40))
    link: Mapped[bytes] = mapped_column(LargeBinary(32))


def make_app(database_url: str) -> Flask:
    """The bare application; its tables are made by `make_tables`."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    db.init_app(app)

    @app.get("/health/ready")
    def ready() -> str:
        return "ready"

    @app.get("/bare")
    def bare() -> str:
        return "<!DOCTYPE html><title>bare</title>" + "x" * 30_000

    @app.post("/send")
    def send() -> Response:
        slot = random.randint(1, SLOTS)
        free = (Slot.id == slot) & (Slot.reserved < Slot.places)
        db.session.execute(update(Slot).where(free).values(reserved=Slot.reserved + 1))
        sent = Sent(
            id=uuid.uuid4(),
            slot_id=slot,
            send_key=request.form["key"],
            content=request.form["content"],
        )
        db.session.add(sent)
        db.session.add(Event(sent_id=sent.id, action="sent", link=os.urandom(32)))
        db.session.commit()
        return redirect("/bare", 303)

    @app.post("/insert")
    def insert() -> Response:
        db.session.add(Sent(slot_id=1, send_key=str(uuid.uuid4()), content=request.form["content"]))
        db.session.commit()
        return redirect("/bare", 303)

    return app


def make_tables(database_url: str) -> None:
    """Create the tables and services with more places than any run uses."""
    app = make_app(database_url)
    with app.app_context():
        db.create_all()
        if db.session.scalar(func.count(Slot.id)) == 0:
            for number in range(1, SLOTS + 1):
                db.session.add(Slot(id=number, places=10_000_000, reserved=0))
            db.session.commit()
        db.session.remove()
        db.engine.dispose()


PGBENCH = f"""
\\set slot random(1, {SLOTS})
BEGIN;
UPDATE minimal_slot SET reserved = reserved + 1 WHERE id = :slot AND reserved < places;
INSERT INTO minimal_sent (id, slot_id, send_key, content)
  VALUES (gen_random_uuid(), :slot, gen_random_uuid()::text, repeat('x', 1500));
INSERT INTO minimal_event (id, sent_id, action, link)
  VALUES (gen_random_uuid(), gen_random_uuid(), 'sent', decode(repeat('ab', 32), 'hex'));
COMMIT;
"""


def __getattr__(name: str) -> Flask:
    # gunicorn asks for `app`; importing this module for its tables must not build one.
    if name == "app":
        return make_app(os.environ["MINIMAL_DATABASE_URL"])
    raise AttributeError(name)
