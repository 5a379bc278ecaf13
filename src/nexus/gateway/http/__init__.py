"""The HTTP side: the page, what browsers keep, names, health and metrics."""
