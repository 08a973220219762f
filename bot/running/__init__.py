"""Running it: the log, the numbers, the port that is listened on, and stopping."""
