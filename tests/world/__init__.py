"""A node in memory: time stands still until a test moves it, and the test is the transport."""
