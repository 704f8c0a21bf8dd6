"""How often and how long: each element's passages by day and unit, kept as work is done.

The transaction that begins, ends or cancels a passage adds one row to `element_tally`
(`noting`); a sweep folds those rows into `element_day` and `element_span` and removes them
in one transaction, so that each counts once (`folding`). What retention removes from the
histories is set down once more as `settled`, so that `rebuilding` from the histories that
are left gives the same figures.

Invariant, proven in the tests: what `queries` answers is what the histories of all
instances say, whatever has been folded so far.
"""
