"""Stages 7 and 8: what life brings - each change is asked for with its ground and evidence, and decided by whoever answers for it."""
