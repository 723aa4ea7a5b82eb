"""The key of a lot's bids divided among people, so that the running server alone opens nothing."""
