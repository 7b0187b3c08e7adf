"""A mock that answers the errors of a catalog or a document on demand, and the HTTP server under it and under the demo."""
