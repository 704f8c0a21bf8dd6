"""The long proof: `python -m tests.load --kills 100` starts everything, drives orders, kills, cuts, and accounts.

Web, clocks and (with PostgreSQL and Redis) workers run as processes of their own on a
database reached through a proxy. They are killed with `kill -9`; the way to the database
is cut and held up, its sessions are ended, Redis is killed and comes back empty; on
SQLite somebody else holds the write lock. `tests/faults` runs the same with ten kills in
every test run.
"""
