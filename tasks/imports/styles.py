"""How the workbooks of an import look: the template that is handed out and the lines that come back."""
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def formats(book):
    """The cell formats by name."""
    return {name: book.add_format(form) for name, form in {
        "title": {"bold": True, "font_size": 14}, "head": {"bold": True, "bg_color": "#F4F5F7", "bottom": 1},
        "must": {"bold": True, "bg_color": "#F4F5F7", "bottom": 1, "font_color": "#B42318"}, "code": {"font_color": "#667085", "font_size": 9},
        "sample": {"italic": False, "font_color": "#98A2B3", "num_format": "@", "locked": False}, "cell": {"num_format": "@", "locked": False},
        "bad": {"bg_color": "#FEE4E2", "num_format": "@"}, "why": {"font_color": "#B42318", "text_wrap": True}, "plain": {"num_format": "@"}}.items()}


def width_of(column):
    return column.width or max(10, min(30, 2 * len(column.title) + 4))
