"""For programs that talk to a server: a connection that survives, and what a member sees."""
