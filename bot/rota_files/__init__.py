"""Reads a rota out of the files that teams already keep: CSV and iCalendar."""
