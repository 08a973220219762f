"""What scripts/bench and scripts/chaos need: a Bot API server, bots to compare, measuring."""
