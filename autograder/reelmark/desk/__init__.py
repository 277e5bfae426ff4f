"""The instructor's desk: what is done with the marks of a class afterwards."""
