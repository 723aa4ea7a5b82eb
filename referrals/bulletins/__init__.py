"""News of services for those who refer: started, changed, paused, taking people again, ending."""
