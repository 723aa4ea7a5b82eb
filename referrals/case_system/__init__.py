"""The case-management system of probation: people looked up by CRN, and what happened told to it.

Sending, answering and delivering never wait for it: what it should know is written as a row with
the change and delivered by a job. Decision 0032.
"""
