"""State changes: one table of steps per thing, and the one function that takes a step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from marketplace import audit, events
from marketplace.acting import Acting
from marketplace.database import changed, db
from marketplace.permissions import allowed, check


class Refusal(Exception):
    """A rule stands against it; the text is shown to the user and says what to do."""

    def __init__(self, text: Any):
        super().__init__(str(text))
        self.text = text


class AlreadyChanged(Refusal):
    """Somebody else was a moment faster; nothing was done a second time."""


@dataclass(frozen=True, eq=False)
class Step:
    """One step: from which states, to which, who may, and `guard(thing)` naming what forbids it.

    A guard returns None where nothing stands against the step, else the text for the user.
    """

    name: str
    frm: tuple[StrEnum, ...]
    to: StrEnum
    label: Any
    permission: StrEnum | None = None
    guard: Callable[[Any], Any] | None = None


class Lifecycle:
    """Every step of one kind of thing; `kind` names it in the audit."""

    def __init__(self, kind: str, model: Any, labels: Mapping[Any, Any], steps: Iterable[Step]):
        self.kind = kind
        self.model = model
        self.labels = labels
        self.steps = tuple(steps)

    def take(
        self,
        step: Step,
        thing: Any,
        by: Acting | None,
        facts: dict[str, Any] | None = None,
        reason: StrEnum | None = None,
    ) -> None:
        """Take a step once, with its facts, audit event and handlers, in this transaction.

        `by` None is the system itself. Raises Refused, Refusal, or AlreadyChanged where the
        thing has left the step's states in the meantime.
        """
        if by is not None and step.permission is not None:
            check(by, step.permission, thing)
        self.expect(step, thing)
        problem = step.guard(thing) if step.guard else None
        if problem:
            raise Refusal(problem)
        self._change(step, thing, facts or {})
        audit.record(
            f"{self.kind}:{step.name}",
            subject=thing,
            by=by,
            fields=sorted(facts or {}),
            facts={"to": step.to} | ({"reason": reason} if reason else {}),
        )
        events.emit(step, thing, by)

    def expect(self, step: Step, thing: Any) -> None:
        """Raise AlreadyChanged where the thing's state does not allow the step (any more)."""
        if thing.state not in step.frm:
            raise AlreadyChanged(self._overtaken(thing))

    def _change(self, step: Step, thing: Any, facts: dict[str, Any]) -> None:
        db.session.flush()
        guarded = (
            update(self.model)
            .where(self.model.id == thing.id, self.model.state.in_(step.frm))
            .values(state=step.to, **facts)
            .execution_options(synchronize_session=False)
        )
        if changed(guarded) == 0:
            db.session.refresh(thing)
            raise AlreadyChanged(self._overtaken(thing))
        for name, value in {"state": step.to, **facts}.items():
            set_committed_value(thing, name, value)

    def _overtaken(self, thing: Any) -> str:
        return _(
            "This has already been done or changed: it is now “%(state)s”. "
            "Nothing was done a second time. Go back and reload the page to see what you can do.",
            state=self.labels[thing.state],
        )

    def offers(self, thing: Any, by: Acting) -> list[Step]:
        """The steps this person may take now: the state fits, permission held, nothing against."""
        return [
            step
            for step in self.steps
            if thing.state in step.frm
            and step.permission is not None
            and allowed(by, step.permission, thing)
            and not (step.guard and step.guard(thing))
        ]

    def draw(self) -> str:
        """The state machine as a Mermaid diagram, for the documentation."""
        lines = ["stateDiagram-v2"]
        for step in self.steps:
            lines += [f"    {source} --> {step.to}: {step.name}" for source in step.frm]
        return "\n".join(lines)


def lifecycles(app: Flask | None = None) -> list[Lifecycle]:
    """Every lifecycle of the application, filled by each package's `register`."""
    return (app or current_app).extensions["lifecycles"]


def register(app: Flask) -> None:
    """Give the application its list of lifecycles."""
    app.extensions["lifecycles"] = []
