"""How fast the generated functions are: ``python -m benchmarks --list`` says what can be measured."""
