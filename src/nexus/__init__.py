"""Nexus: a chat server that anyone starts with one command."""

__version__ = "0.1.0"
