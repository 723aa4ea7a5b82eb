"""Random seeds are printed, so that a failure can be had again; FULL=1 tries more examples."""

from __future__ import annotations

import os
import random

from hypothesis import HealthCheck, settings

FULL = os.environ.get("FULL") == "1"

# A database fixture is set up once for all examples of a test: rolled back together at its end.
_common = {
    "print_blob": True,
    "deadline": None,
    "derandomize": False,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}
settings.register_profile("ordinary", max_examples=50, **_common)
settings.register_profile("full", max_examples=100, **_common)
settings.load_profile("full" if FULL else "ordinary")


def repetitions(ordinary: int, full: int) -> int:
    """How often to repeat something random: seldom in an ordinary run, often with FULL=1."""
    return full if FULL else ordinary


def chance() -> random.Random:
    """What a test leaves to chance; SEED=… has the printed one again."""
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
    print(f"SEED={seed}")
    return random.Random(seed)


def description() -> str:
    """One line that says which run this is."""
    return f"examples: {settings().max_examples} a property ({'FULL=1' if FULL else 'ordinary'})"
