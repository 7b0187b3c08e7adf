"""The wire: one request out, one answer in, and what it means that none came."""
