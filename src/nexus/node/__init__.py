"""One running node: built from its settings, started, drained and stopped; the only place that picks adapters."""

from nexus.node import lean  # before all that imports structlog
from nexus.node.running import Started, StartError, serve

__all__ = ["StartError", "Started", "lean", "serve"]
