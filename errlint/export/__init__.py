"""A contract in the words of other tools: one module a target."""
