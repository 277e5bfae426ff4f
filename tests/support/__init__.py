"""What the suites share: fixture films, oracles, and ways to say what is wrong."""
