"""Everything on the wire `nexus.v1`, typed: commands, events, replies, refusals and the codec."""
