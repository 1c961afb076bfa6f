"""What is said of a function: the verdict, a page of HTML, the source of a counterexample."""
