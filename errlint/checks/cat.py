"""The rules about the catalog itself, CAT001 to CAT022: importing this module registers them."""

from errlint.checks import cat_codes, cat_entries, cat_shapes, cat_source, cat_text

__all__ = ["cat_codes", "cat_entries", "cat_shapes", "cat_source", "cat_text"]
