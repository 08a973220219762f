"""Faults that the bot must survive: the short form as tests, the long form as scripts/chaos."""
