"""The action plan: structured activities for each chosen outcome, in versions."""
