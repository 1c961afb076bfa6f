"""Pictures of word vectors and of a run."""
