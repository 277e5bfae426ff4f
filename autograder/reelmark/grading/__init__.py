"""Marks a class, and shows what was found."""
