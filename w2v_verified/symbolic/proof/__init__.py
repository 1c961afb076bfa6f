"""What makes a step or a rewritten program count as proved: rules, facts, algebra and evaluation."""
