"""How fast, how small: Nexus and its peers under the same load, on the same cores, in the same run.

`python -m bench` measures everything; `python -m bench --help` tells the cases and the options. Each server is a
process of its own on one core; the load generator (`load/`, C, one epoll thread) has another core, checks every single
delivery for loss, duplicates and order, and tells when not the server but the generator was the limit.

`cases` is what is measured, `servers` who is; `generator` and `processes` run them; `history` is the case of the very
long room, `machine` what it ran on, `table` how it is told. `peers/` has the peers that are written in Python, and the
settings of the others.
"""
