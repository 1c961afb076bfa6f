"""Word vectors, compared and kept in files."""
