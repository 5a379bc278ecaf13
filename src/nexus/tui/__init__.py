"""The terminal client: a line to type on, and what is said above it."""
