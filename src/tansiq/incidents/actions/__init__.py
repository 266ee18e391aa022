"""What people decide in a room, one file a subject. All of it is written into the room's log."""
