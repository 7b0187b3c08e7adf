"""Codes in JSON and YAML of any shape, as a draft."""
