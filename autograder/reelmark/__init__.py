"""Reelmark: a test-first teaching kit whose autograder never runs what it marks."""
