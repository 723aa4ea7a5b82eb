"""The check of opened bids, and their corrections."""
