"""Equality monitoring: asked with consent, stored apart, read as figures only."""
