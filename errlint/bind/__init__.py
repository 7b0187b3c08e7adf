"""Binding: an exchange to its operation, and its body to the schema that the document declares for it."""
