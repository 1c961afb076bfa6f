"""What evaluating a program takes, in whatever arithmetic: where entries lie, arrays of balls, one row a function."""
