"""From stages to adjoints: the derivatives of the loss by all of them."""
