"""Scoring opened bids: each alone, then together, then with the prices."""
