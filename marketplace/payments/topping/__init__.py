"""Top-ups: money that a body moves from its bank to its balance at Stripe."""
