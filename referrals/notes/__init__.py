"""Notes on a case, both ways; an urgent one stays at its head until the other side has read it."""
