"""Tests, beside the folders they mirror."""
