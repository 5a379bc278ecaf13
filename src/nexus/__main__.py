"""`python -m nexus` is the command `nexus`."""

from nexus.cli import main

main()
