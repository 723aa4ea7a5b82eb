"""Talking to Stripe: one client for each body, what errors mean, and the rail for payments."""
