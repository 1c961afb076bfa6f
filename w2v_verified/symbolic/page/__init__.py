"""A page as data, and its writers: what a document says, read from authors' texts, and written as Markdown or LaTeX."""
