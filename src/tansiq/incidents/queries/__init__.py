"""What pages of a room ask, one file a subject."""
