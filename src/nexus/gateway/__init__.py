"""How it travels: WebSocket and HTTP on one port."""
