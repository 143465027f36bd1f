"""The application: on top of everything, imported by nothing."""
