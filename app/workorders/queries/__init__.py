"""What pages, API and other packages ask about orders. Reads only; scope to the organisation tree is checked here."""
