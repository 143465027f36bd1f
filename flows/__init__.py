"""The flow engine: pure, and it imports nothing of ours."""
