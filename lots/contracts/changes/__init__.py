"""Changes to a running contract: typed, with a reason, signed by everybody they bind, published."""
