"""What the bid costs, and what that is made of."""
