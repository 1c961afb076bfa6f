"""What of the text a step trains on: sub-sampling, windows, negative samples, blocks, and the gradient of one."""
