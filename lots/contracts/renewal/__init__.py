"""What comes after a contract: the radar at 18, 12 and 9 months, and the buyer's decision."""
