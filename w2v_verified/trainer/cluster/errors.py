"""What can go wrong on a cluster, said in one line that names the place."""

__all__ = ["ClusterError", "LostRangeError", "VersionError"]


class ClusterError(RuntimeError):
    """A task cannot be carried out; the message names what it was and why."""


class LostRangeError(ClusterError):
    """A range of rows of the table is not in the run's folder any more, or not as it was written."""


class VersionError(ClusterError):
    """A worker has another version of this package, of NumPy or of Python than who started the run."""
