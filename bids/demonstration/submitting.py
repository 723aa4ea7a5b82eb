"""What the demonstration's bidders say when they submit."""

from __future__ import annotations

# Hours spent on a bid by bidder; who is not named says nothing.
HOURS = {"second-street": 22, "kestrel": 34, "harbour": 19, "rising": 41, "oak": 16}
