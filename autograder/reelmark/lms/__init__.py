"""To and from learning management systems: their downloads, and their gradebooks."""
