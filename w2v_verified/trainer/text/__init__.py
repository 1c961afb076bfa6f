"""Text in, the numbers of its words out: files, sentences, vocabulary, tokens."""
