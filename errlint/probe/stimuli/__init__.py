"""Directed stimuli: registry, one module a subject, repertoire (all of them, in the order of trial)."""
