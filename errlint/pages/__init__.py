"""``errlint docs``: a page a rule and a page a catalog, for people, in Markdown and HTML."""

TITLE = "errlint: rules and catalogs"
"""What every index is called."""
