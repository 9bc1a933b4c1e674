"""Stages 2 to 9: the conditions of the law as named rules, each one definition for a whole register and for one person."""
