"""What both ends of the socket share: bytes, frames, what a worker is told."""
