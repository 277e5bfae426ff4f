"""What was handed in, read as coming from strangers."""
