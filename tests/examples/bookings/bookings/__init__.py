"""Rooms of a small hotel, and who sleeps in them when."""
