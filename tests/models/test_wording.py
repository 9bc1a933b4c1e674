"""Texts that a site words itself: what may stand in them, what is said against the rest, and that none becomes large."""
import pytest

from models.wording import LONGEST, MOST, TooLong, fault, filled

FIELDS = {"标题": "通过", "收件人": "张三", "日期": "2026-03-05 10:00", "理由": ""}


@pytest.mark.parametrize("text, becomes", [
    ("{{ 收件人 }}：{{标题}}", "张三：通过"), ("{% if 理由 %}理由 {{ 理由 }}{% else %}没有理由{% endif %}", "没有理由"),
    ("{% if 收件人 == '张三' and not 理由 %}是{% elif 理由 %}否{% endif %}", "是"), ("{{ 日期|日期 }}", "2026 年 3 月 5 日"), ("{{ 标题|日期 }}", "通过"), ("{{ 理由|default('无') }}", "无"),
    ("{{ 'Abc'|upper }}{{ 'Abc'|lower }}{{ ' x '|trim }}", "ABCabcx"), ("{{ '一二三四五'|截短(3) }}", "一二…"), ("{# 不印 #}第一行\n\n", "第一行\n\n"), ("<b> & \\", "<b> & \\")])
def test_a_text_is_filled_with_fields_conditions_and_filters(text, becomes):
    assert fault(text, FIELDS) == "" and filled(text, FIELDS) == becomes


@pytest.mark.parametrize("text, said", [
    ("第一行\n第二行 {{ 收件 }}", "第 2 行：没有“收件”这个字段，是不是“收件人”：可以用 标题 收件人 日期 理由"), ("{{ 标题|uper }}", "第 1 行：没有“uper”这种写法，是不是“upper”"),
    ("\n{% for a in 标题 %}{% endfor %}", "第 2 行：不能循环"), ("{{ 标题.x }}", "不能取字段里面的东西"), ("{{ 标题() }}", "不能调用"), ("{{ 1 + 1 }}", "不能计算"), ("{% set a = 1 %}", "不能赋值"),
    ("{% include 'a' %}", "不能引入别的模板"), ("{{ [1] }}", "不能写列表"), ("{% if 标题 > 'a' %}{% endif %}", "第 1 行：只能比较 == 和 !="), ("{{ 标题|截短('a') }}", "只能写一个数"),
    ("{{ 标题|default(标题) }}", "只能写一个词"), ("{{ 10001 }}", "不超过 10,000 的整数"), ("{% if 标题 %}" * 13 + "{% endif %}" * 13, "套得太深"), ("x" * (LONGEST + 1), "要求不超过 5,000 字，实际 5,001 字，差 1 字"),
    ("{标题}", "字段写作 {{ 标题 }}")])
def test_anything_else_is_refused_with_its_line(text, said):
    assert said in fault(text, FIELDS)
    with pytest.raises(ValueError):
        filled(text, FIELDS)


def test_what_a_value_holds_is_never_read_as_a_text():
    assert filled("{{ 标题 }}", {"标题": "{{ 理由 }}{% if 1 %}", "理由": "x"}) == "{{ 理由 }}{% if 1 %}"


def test_a_long_value_in_many_places_is_stopped():
    with pytest.raises(TooLong):
        filled("{{ 标题 }}" * 100, {"标题": "长" * (MOST // 50)})
