"""Closes a process off from files, the network and other processes."""
