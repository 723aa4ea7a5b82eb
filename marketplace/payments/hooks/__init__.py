"""What Stripe tells us by itself: each event once, in any order, read again at its source."""
