"""Plays a flow over every combination of answers that its conditions look at, and keeps what it saw."""
