"""The price and what it is made of."""
