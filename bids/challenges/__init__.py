"""Challenges to a decision: the standstill paused, resumed, or the evaluation reopened."""
