"""What is printed: papers as PDF with an embedded Chinese font."""


def blank(title, landscape=False):
    """A new Paper. What draws on it is loaded with the first one: a fifth of the memory of a server, most of whose visitors print nothing."""
    from tasks.print.paper import Paper
    return Paper(title, landscape)
