"""What the suites share: fixture films, oracles, and how to tell what is wrong."""
