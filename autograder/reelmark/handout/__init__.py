"""What students get: stubs, brief, report, and the bundle of them."""
