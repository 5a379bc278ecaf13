"""What a database with SQL keeps, and how: SQLite and PostgreSQL share these statements and what is decided by them.

The statements are in the part of SQL that both have: `store.postgres.speaking` says how the rest is spelled there.
"""
