"""What a room, a member, a session and a rule are: pure, without I/O, clock or event loop."""
