"""The rows of a list as HTML. A page has hundreds of cells: in the template each would be a call and three escapes, half of what the page costs."""
import re

from markupsafe import Markup, escape

_special = re.compile("[&<>\"']").search


class Cells:
    """What the rows of a list are printed by: its columns, of which the first is the row's name; `editable` names those that can be changed in place;
    `offered` has the steps beside a row by its state, None where rows are not to be ticked."""

    def __init__(self, columns, editable=(), offered=None):
        self._name, *others = columns
        self._others = [(column, *_ends(column, editable)) for column in others]
        self._offered = offered

    def rows(self, rows, user, details, step_address):
        """The rows for `user`. `details` is the address of a row but for its id, `step_address` that of a step, where "-" stands for its name."""
        details, head = escape(details + ("&" if "?" in details else "?")), "pin clip" if self._name.kind.long else "pin"
        ids = [row.id for row in rows]
        names = [name or str(id) for name, id in zip(_texts(self._name, rows), ids)]
        columns = [_printed(rows, *column) for column in self._others]
        if self._offered is not None:
            buttons = {state: _buttons(steps, step_address) for state, steps in self._offered.items()}
            columns.append([f'<td class="num act">{_with(row, buttons[row.state], user)}</td>' for row in rows])
        tick = '<td class="tick"><input type="checkbox" name="id" value="%s" aria-label="选择 %s"></td>' if self._offered is not None else None
        return Markup("".join([
            f'\n<tr>{tick % (id, name) if tick else ""}<th class="{head}" scope="row"><a href="{details}id={id}">{name}</a>'
            f'<button class="peek" type="button" aria-label="预览 {name}"></button></th>{"".join(cells)}</tr>'
            for id, name, *cells in zip(ids, names, *columns)]))


def _texts(column, rows):
    """The texts of a column, safe inside HTML."""
    return [escape(text) if _special(text) else text for text in map(column.kind.text, map(column.get, rows))]


def _printed(rows, column, begin, blank):
    """The cells of a column."""
    texts = _texts(column, rows)
    if not column.toned:
        return [f"{begin}{text}</td>" if text else blank for text in texts]
    tones = map(column.kind.tone, map(column.get, rows))
    return [f'{begin}<span class="badge {tone}">{text}</span></td>' if tone is not None else f"{begin}{text}</td>" if text else blank
            for text, tone in zip(texts, tones)]


def _ends(column, editable):
    """(how a cell of the column begins, the cell without a value)."""
    mark = "hidden" if column.hidden else "edit" if column.name in editable else ""
    rest = f' data-label="{escape(column.label)}"' + (f' data-{mark}="{escape(column.name)}"' if mark else "")
    return f'<td class="{column.css}"{rest}>', f'<td class="{column.css} none"{rest}><span class="quiet">—</span></td>'


def _buttons(steps, step_address):
    """[(what stands before the id, what stands behind it)] of the buttons of some steps."""
    address = escape(step_address.removesuffix("-/"))
    return [(f'<a class="btn{" danger" if step.danger else ""}" href="{address}{step.name}/?id=', f'">{escape(step.label)}</a> ') for step in steps]


def _with(row, buttons, user):
    return "".join([f"{before}{row.id}{behind}" for before, behind in buttons]) if buttons and row.belongs_to(user) else ""
