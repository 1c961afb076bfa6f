"""The definitions of the losses, one file each, and the documents derived from them."""
