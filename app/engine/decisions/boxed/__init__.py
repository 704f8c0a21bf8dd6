"""Boxed expressions: the forms in which DMN writes a decision's logic. Each evaluates itself."""
