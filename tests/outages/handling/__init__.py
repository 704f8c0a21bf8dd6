"""Handling of outages: the whole flows through real services, and each operation by itself."""
