"""From the derived program to one that keeps its accuracy and its time: each pass proves what it made."""
