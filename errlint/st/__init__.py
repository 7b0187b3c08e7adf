"""errlint inside of Schemathesis' own runs: what ``errlint.st_hooks`` registers."""
