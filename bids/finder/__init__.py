"""Finding a lead or partners: entries by area and category, and contact through the product."""
