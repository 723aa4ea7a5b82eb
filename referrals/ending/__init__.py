"""How the work ends: the sessions are finished, and the end of service report is sent."""
