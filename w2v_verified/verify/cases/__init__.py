"""What a function is called with: the deck (corner cases), random examples, layouts in memory."""
