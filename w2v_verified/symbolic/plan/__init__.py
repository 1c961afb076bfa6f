"""From programs to a plan: kinds of operation as data, and the roads a function chooses among."""
