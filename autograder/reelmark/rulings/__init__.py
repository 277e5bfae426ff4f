"""What an instructor decides by hand, applied on top of what marking found."""
