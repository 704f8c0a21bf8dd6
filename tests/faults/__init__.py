"""Proof that nothing accepted is lost or done twice, whatever process dies at whatever moment.

`tests/load` runs the same at length; here a short version runs with every test run.
"""
