"""Finding a lead or partners."""
