"""Journeys and pages in Chromium."""
