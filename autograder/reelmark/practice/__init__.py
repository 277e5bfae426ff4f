"""The student's loop: check, watch, hints, pictures."""
