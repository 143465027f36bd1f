"""Hearing danger, and bringing it to a person."""
