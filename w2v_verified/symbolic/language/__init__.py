"""The language the stair speaks: index expressions in SymPy, their functions, names and text."""
