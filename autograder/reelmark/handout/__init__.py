"""What students get: stubs, brief and report, and the bundle with all of them."""
