"""Deciding who is awarded a lot, and telling every bidder why."""
