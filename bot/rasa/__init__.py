"""Rasa, the second understanding engine: its environment, its training, its server as a child process."""
