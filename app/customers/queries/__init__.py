"""What pages, API and other packages ask about customers. Reads only; scope to the tree of units is checked here."""
