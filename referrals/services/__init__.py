"""The directory: which services are near, for whom, and how soon they can start."""
