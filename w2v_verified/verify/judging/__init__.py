"""One call judged: how the function is called, what came back, how far it is from what is exact."""
