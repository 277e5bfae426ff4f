"""A class marked on several machines: Dask carries, the same processes mark."""
