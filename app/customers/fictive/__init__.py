"""Fictive customers for demos and measurements: deterministic, realistic Chinese names, addresses and phones.

Customer `n` is the same at every time and on every machine. Words stand in `words.yaml`; nobody
real is meant. `household` makes one, `loading` writes any number past the operations.
"""
