"""The act of two people that opens a lot's bids."""
