"""What changes to an open lot mean for the bids that are already written or submitted."""
