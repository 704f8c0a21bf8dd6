"""Customers, premises, contacts, meters and readings: who is supplied, where, and what was measured.

Master data comes from the utility's marketing system (import, REST); this package keeps it,
finds it and says where each value came from. What is owed stands in `app.billing`, orders in
`app.workorders`; they add to the customer's page through `customers.panels`.
"""
