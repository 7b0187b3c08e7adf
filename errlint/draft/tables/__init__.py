"""Tables of codes in texts, pages and files, as a draft: grids -> meanings of columns -> entries."""
