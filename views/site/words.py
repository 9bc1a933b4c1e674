"""How a window of days reads to somebody who wants to know whether he may still act."""
from models import clock

SOON = 7        # days before the end from which on time is said to run out


def window(first, last):
    """(sentence, tone) of a window today: before it, in it, or past it."""
    today = clock.today()
    if first and today < first:
        return f"还有 {(first - today).days} 天开始", "off"
    if last is None:
        return "正在进行", "ok"
    left = (last - today).days
    if left < 0:
        return "已结束", "off"
    return ("今天 24:00 截止", "wait") if left == 0 else (f"还剩 {left} 天", "wait" if left <= SOON else "ok")
