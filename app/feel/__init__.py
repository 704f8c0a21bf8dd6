"""FEEL, the expression language of DMN: parser and evaluator. Knows no other package."""
