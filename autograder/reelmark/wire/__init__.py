"""What both ends of the socket share: bytes, frames and a worker's assignment."""
