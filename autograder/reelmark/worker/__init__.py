"""What runs beside student code, and is loaded nowhere else but in workers."""
