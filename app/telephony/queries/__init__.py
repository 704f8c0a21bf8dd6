"""What telephony knows: flows and their versions, calls."""
