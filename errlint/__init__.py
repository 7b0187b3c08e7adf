"""errlint holds an API's error responses to their contract."""

__version__ = "0.1.0"
