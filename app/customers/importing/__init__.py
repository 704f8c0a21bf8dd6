"""Imports of tables (导入): from a file as somebody exported it to rows of ours, all of them or none.

`reading` opens files, `values` turns cells into values, `profiles` says which column is which
field, `targets` what a record is and how it is written; `operations` carries an import through its
states: uploaded, checked row by row without writing anything (`checked` or `refused`), written in
one transaction (`done`). Invariants: nothing of an import is written while one of its rows is bad;
a file that is here already does nothing until somebody confirms that it is meant; what an import
did to which record, and from which line, stands in `customer_change`.
"""

from __future__ import annotations
