"""The lists of cases: what stands in them, pages, search, and saving."""
