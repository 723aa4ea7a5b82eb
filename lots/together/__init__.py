"""Lots of one buyer that are put into a competition together, and its limit for one bidder."""
