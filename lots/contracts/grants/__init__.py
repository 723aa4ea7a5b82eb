"""A grant in life: offered, accepted, paid by its schedule, reported on one page, closed."""
