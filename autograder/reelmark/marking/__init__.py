"""Decides the marks of one submission."""
