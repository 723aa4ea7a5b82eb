"""A small local server that answers as Stripe's API does: for tests and the demonstration only.

It holds no money and knows nothing of the product. It refuses live keys and production.
"""
