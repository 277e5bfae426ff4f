"""Between a command and whoever typed it: what is printed, and how it ends."""
