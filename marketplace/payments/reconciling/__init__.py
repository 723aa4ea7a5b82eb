"""What Stripe says it moved, compared every day with what our books say."""
