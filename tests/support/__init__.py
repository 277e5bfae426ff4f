"""What the suites share: fixture films, and code that they load into a worker."""
