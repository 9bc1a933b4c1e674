"""The application form in a real Chromium is saved while it is typed; closing the page loses nothing, and going on at once is no quarrel with oneself."""
import re

from models.applications import Application


def test_what_was_typed_is_there_after_the_page_was_closed_and_going_on_at_once_saves_it_all(applying):
    visitor, case = applying
    visitor.open(f"/apply/{case.id}/education")
    visitor.fill("本科毕业学校", "清华大学")
    visitor.page.keyboard.press("Tab")
    visitor.page.get_by_text(re.compile("^已保存")).wait_for()
    with visitor.page.expect_navigation():              # saved already: one press leads on
        visitor.press("保存并继续")
    visitor.open(f"/apply/{case.id}/work")
    visitor.fill("工作单位", "某研究所")
    visitor.fill("单位邮编", "12")
    visitor.page.keyboard.press("Tab")
    visitor.page.get_by_text("还有没保存的").wait_for()
    visitor.sees("邮编：要求六位数字")
    visitor.open("/me")
    visitor.open(f"/apply/{case.id}/work")
    assert visitor.control("工作单位").input_value() == "某研究所"
    visitor.fill("单位邮编", "100871")
    visitor.fill("工作年限", "9")
    visitor.press("保存并继续")
    visitor.sees("请上传您的证件照")
    row = Application.get_by_id(case.id)
    assert (row.employer, row.employer_postcode, row.years_of_work) == ("某研究所", "100871", 9)
