"""How nodes tell each other of new events."""
