"""A class marked on several machines: Dask carries, the usual processes mark."""
