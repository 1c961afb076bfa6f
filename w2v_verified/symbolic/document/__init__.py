"""From the steps of a derivation to pages people read."""
