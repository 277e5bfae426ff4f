"""What runs beside student code; only workers load it."""
