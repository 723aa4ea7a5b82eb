"""What for: needs, cohorts, involvement, their outcomes, and the services that are bought."""
