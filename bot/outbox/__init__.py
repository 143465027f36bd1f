"""Messages we have decided to send, and sending them."""
