"""What came in on pages of a room, made into clean values."""
