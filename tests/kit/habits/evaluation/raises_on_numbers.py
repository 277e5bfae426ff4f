"""Makes numpy raise errors, for the whole program."""

np.seterr(all="raise")
