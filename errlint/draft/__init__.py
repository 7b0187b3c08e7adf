"""Catalogs in the making: readers of what a team has (one module each), and the writer of what they read."""
