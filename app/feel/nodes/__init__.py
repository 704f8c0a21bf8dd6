"""The parts of a parsed expression; each knows how to evaluate itself in a scope."""
