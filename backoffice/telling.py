"""What is said once something is done: what has changed, and what one can go on with."""
from flask import url_for
from markupsafe import Markup

from backoffice import history


def taken(row, step, before, position):
    """After a step on one row that stood in the state `before`; with the next row of the list that one came from."""
    moved = "" if before == row.state else f"，状态 {row.STATES[before][0]} → {row.state_label}"
    return said(f"{row}：{step.done}{moved}。", *onward(position))


def saved(row, edition, more):
    """After a row was written by hand: which fields of it, when it was there already in an `edition`; `more` is where another one is added."""
    if edition is None:
        return said(f"已新建“{row}”。", "再新建一条", more)
    changed = [change.label for event in history.events(row, limit=1) for change in event.changes] if row.edition != edition else []
    return f"已保存“{row}”" + (f"：改了{'、'.join(changed)}。" if changed else "。")        # its lines may have changed all the same


def said(text, word="", address=""):
    """The sentence, and a link to go on."""
    return Markup('{} <a href="{}">{}</a>').format(text, address, word) if address else text


def onward(position):
    """(word, address) of the next row of a list, else of the list itself; nothing when one did not come from a list."""
    if position is None:
        return ()
    if position.after:
        return f"下一条：{position.after[1]}", url_for(".details", id=position.after[0], list=position.list)
    return "回到列表", url_for(".index") + position.list
