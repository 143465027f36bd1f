"""What the front door costs: `python -m bench`. Prints figures and the ratios between them; asserts no time."""
