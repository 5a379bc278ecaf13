"""One running node: built from its settings, started, drained and stopped; the only place that picks adapters."""

from nexus.node.running import Started, StartError, serve

__all__ = ["StartError", "Started", "serve"]
