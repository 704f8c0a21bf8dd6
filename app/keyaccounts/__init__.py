"""Key accounts (大客户): importance, account managers, visits, contracts, consent to planned outages, yearly report.

The customer itself stands in `app.customers`; what is special about a key account stands here.
"""
