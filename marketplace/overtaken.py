"""Two people on one page: what was saved in between is noticed, and neither's words are lost."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _

from marketplace.lifecycle import Refusal


class Overtaken(Refusal):
    """Somebody else saved the same page after this person had opened it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else saved this page after you opened it. What you typed is still below "
                "and has not been saved. Compare it with what they saved, shown above the form, "
                "then save again to replace theirs with yours."
            )
        )


def fingerprint(values: Any) -> str:
    """Says whether what a page holds has changed since it was opened."""
    text = json.dumps(values, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()[:32]
