"""The instructor's desk: what happens to the marks of a class afterwards."""
