"""Marks a class, and shows the results."""
