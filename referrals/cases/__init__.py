"""One case as its two sides read it."""
