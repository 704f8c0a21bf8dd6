"""The long proofs: `python -m tests.load --kills 100` starts everything, drives orders, kills, and accounts.

`tests/faults` runs the same with ten kills in every test run.
"""
