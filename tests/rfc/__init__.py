"""The frame layer against RFC 6455 and RFC 7692: one table of cases, played over real sockets."""
