"""How good word vectors are: scored word pairs and analogies."""
