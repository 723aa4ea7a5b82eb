"""Notices of a buyer to the central platform: what is due, its check, its way there."""
