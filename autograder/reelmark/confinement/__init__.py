"""Closes a process off from files, network and other processes."""
