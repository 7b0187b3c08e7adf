"""Applications: imported, asked in process without a server, and their documents with the places of the handlers."""
