"""What changes telephony's data: publishing flows, calls on record."""
