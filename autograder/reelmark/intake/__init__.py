"""What was handed in, read as if it came from strangers."""
