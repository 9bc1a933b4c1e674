"""What the site may not do: every screen with a layer of its own is held against what the shipped screens give, and against itself."""
import re

from backoffice.screens.given import line_key
from backoffice.screens.screen import OWN

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def hold(file, screen):
    """Hold a screen with a layer of the site against what the shipped screens give, and name what contradicts itself."""
    given, model = file.given, file.model
    if not NAME.fullmatch(file.name) or not (file.shipped or screen.own):
        file.wrong("model", f"本站新增的界面，文件名要以 {OWN} 开头，由小写字母、数字和下划线组成，实际“{file.name}”")
    if file.shipped and not file.written["model"].shipped:
        file.wrong("model", "出厂的界面不能改为显示另一个对象")
    if file.shipped and "grid" in file.written and not file.written["grid"].shipped:
        file.wrong("grid", "出厂的界面不能换掉自己的页面")
    for key, path, shown in [(*item, True) for item in file.shown] + [(*item, False) for item in file.asked]:
        lacking = given.lacking(screen, path, shown)
        if lacking:
            text = getattr(path, "text", path)
            file.wrong(key, f"出厂的界面没有把“{text}”给{'、'.join(lacking)}看；请去掉它，或用 hide 对这些角色隐藏", text.partition(":")[0])
    _hold_steps(file, screen)
    _hold_prints(file, screen)
    for role in screen.roles:
        if screen.grid not in given.grids.get((model, role), set()) | {""}:
            file.wrong("grid", f"出厂的界面没有把“{screen.grid}”给{role}用", screen.grid)
        for path in screen.full:
            if path.text not in given.full.get((model, role), ()) and path.text not in screen.hidden.get(role, ()):
                file.wrong("full", f"出厂的界面没有把完整的“{path.text}”给{role}看", path.text)
        if screen.lines and not {line_key(screen.lines, box.name) for box in screen.lines.boxes} <= given.lines.get((model, role), set()):
            file.wrong("lines", f"出厂的界面没有把这些行给{role}填写")
        if screen.columns and all(column.name in screen.hidden.get(role, ()) for column in screen.columns):
            file.wrong("hide" if "hide" in file.written else "columns", f"对{role}没有剩下任何一列", role)
    if not screen.roles:
        file.wrong("roles", "没有任何角色能打开这个界面")
    for text in sorted(file.masked):
        used = next((key for key, path in file.asked if path.text == text), None)
        if used:
            file.wrong(used, f"“{text}”用 mask 遮住了，就不能按它筛选、查找和排序", text)
    if not file.shipped or any(file.written[key].past or not file.written[key].shipped for key in ("where", "roles", "model") if key in file.written):
        screen.limits = given.limit(screen)


def _hold_steps(file, screen):
    for step in screen.steps:
        if "steps" in file.written and not file.written["steps"].shipped and not set(step.roles) & set(screen.roles):
            file.wrong("steps", f"这个界面的角色都不能“{step.label}”，它由{step.who()}办理", step.name)
        lacking = [role for role in screen.roles if role in step.roles and step.name not in file.given.steps.get((file.model, role), ())]
        if lacking:
            file.wrong("steps", f"出厂的界面没有把“{step.name}”给{'、'.join(lacking)}", step.name)


def _hold_prints(file, screen):
    for form in screen.prints:
        lacking = [role for role in screen.roles if role in form.printers and form.name not in file.given.prints.get((file.model, role), ())]
        if lacking:
            file.wrong("prints", f"出厂的界面没有把“{form.label}”给{'、'.join(lacking)}打印", form.name)
