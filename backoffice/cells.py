"""The cells of a list as HTML. A page has hundreds of them: in the template each would be a call and three escapes, half of what the page costs."""
from markupsafe import Markup, escape


class Cells:
    """What the rows of a list are printed by: its columns, of which the first is the row's name; `editable` names those that can be changed in place."""

    def __init__(self, columns, editable=()):
        self._name, *others = columns
        self._others = [(column.cell, *_ends(column, editable)) for column in others]

    def name(self, row):
        """The text of the first column."""
        return self._name.cell(row)[0]

    def others(self, row):
        """The cells behind the first."""
        found = []
        for cell, begin, blank in self._others:
            text, tone = cell(row)
            if tone is not None:
                found.append(f'{begin}<span class="badge {tone}">{escape(text)}</span></td>')
            else:
                found.append(f"{begin}{escape(text)}</td>" if text else blank)
        return Markup("".join(found))


def _ends(column, editable):
    """(how a cell of the column begins, the cell without a value)."""
    mark = "hidden" if column.hidden else "edit" if column.name in editable else ""
    rest = f' data-label="{escape(column.label)}"' + (f' data-{mark}="{escape(column.name)}"' if mark else "")
    return f'<td class="{column.css}"{rest}>', f'<td class="{column.css} none"{rest}><span class="quiet">—</span></td>'
