"""Understanding what people mean, and hearing danger. Imports nothing of ours."""
