"""The same bot on a phone-like page in the browser; no account, no token."""
