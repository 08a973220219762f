"""Loads and checks prompts/ once, at start."""
