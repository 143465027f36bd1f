"""What duty workers see."""
