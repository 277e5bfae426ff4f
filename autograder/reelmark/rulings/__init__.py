"""What an instructor decides by hand: it comes on top of what marking found."""
