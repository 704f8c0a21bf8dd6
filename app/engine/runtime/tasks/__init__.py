"""User tasks: reading them, handing them around, completing them."""
