"""Challenges of an award, and what comes of them."""
