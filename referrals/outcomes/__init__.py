"""Distance travelled: positions on each chosen outcome, by the caseworker and by the person."""
