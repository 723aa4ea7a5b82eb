"""Delivery units: who works in which, confirmed by a team manager."""
