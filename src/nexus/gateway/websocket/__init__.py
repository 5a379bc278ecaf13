"""The WebSocket side: frames, and connections that speak commands."""
