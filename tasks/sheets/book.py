"""A new workbook: no text in it can become a formula, a link or a number."""


def new_book(target, **options):
    """An xlsxwriter.Workbook that is written to a path or an open file. What writes it is loaded with the first one: most of what a server does needs none."""
    import xlsxwriter
    return xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False} | options)
