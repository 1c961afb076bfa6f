"""What each generated function computes, as data: its arguments, definition and programs in index notation."""
