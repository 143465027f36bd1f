"""Finds mistakes in flows before a person does, and says how to mend each."""
