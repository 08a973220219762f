"""The bots that are measured beside ours; each runs as a process of its own."""
