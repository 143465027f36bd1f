"""Promises with a clock: what is due, when it is safe to keep, and who holds it when it is not."""
