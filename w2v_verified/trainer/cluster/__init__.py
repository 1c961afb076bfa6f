"""Training beyond one machine: pure tasks on a Dask cluster, the same bytes whatever becomes of its workers."""
