"""Tests of the benches: that what they measure is what they say."""
