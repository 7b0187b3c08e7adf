"""Codes in source code, as a draft: one reader a language -> facts -> entries."""
