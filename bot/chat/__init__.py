"""Telegram: updates in, screens out, delivery under flood limits."""
