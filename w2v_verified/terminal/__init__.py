"""What commands have in common: options and how they are refused, exit status, streams, progress, completion."""
