"""Partners named in a bid: invited by the lead, each confirming its own part in its own space."""
