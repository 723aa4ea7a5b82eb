"""Scoring opened bids, alone and together."""
