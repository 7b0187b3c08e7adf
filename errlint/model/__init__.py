"""The nouns of errlint: frozen dataclasses over the standard library, no behaviour that reads or writes."""
