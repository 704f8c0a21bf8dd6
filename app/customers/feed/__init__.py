"""The outgoing feed: every change of customers' data in one order, read by number or pushed to an address.

Writers add rows of `customer_change` in their own transactions. Numbers drawn there would show in
another order than they were committed and a reader could pass over one. So a row gets its `position`
after its commit, from the one counter `feed_position` (`placing`): positions have no gaps, and what a
reader has seen below a position never changes. `GET /api/v1/changes?after=` reads them, `pushing`
sends them to subscribers, at least once, signed.
"""
