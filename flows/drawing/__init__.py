"""Draws a flow as a picture that a practitioner can read and print."""
