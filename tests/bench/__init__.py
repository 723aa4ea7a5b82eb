"""Measurements, never tests: ratios within one run, interleaved rounds, medians (`make bench`)."""
