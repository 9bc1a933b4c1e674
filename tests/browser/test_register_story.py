"""The register in a real Chromium, in the demo world: why somebody is one credit short, a recheck, a dismissal rehearsed and done, and
two requests for release, one granted and one refused."""
import pytest

from models import base, clock
from models.applications import Application
from models.conditions import conditions
from models.courses import CourseResult
from models.people import Person, User
from models.programmes import Programme
from models.register import Recheck
from models.releases import ReleaseRequest
from tasks import setup
from tests.cast import served
from tests.story import Story
from tests.visitors import BrowserVisitor, log_in

SHORT, LATE = "林知远", "卫长庚"       # the demo's applicant, one past his limit
PHONE = ("/me", "/me/changes", "/me/changes/extension", "/me/changes/data", "/me/exit", "/me/conditions", "/me/defence")


class RegisterStory(Story):
    """What happens to three people of one unit, told on the pages by whoever acts."""

    def play(self):
        asked = ReleaseRequest.select(ReleaseRequest.person)
        free = Application.select().where(Application.institution == self.unit, Application.state == "registered", Application.person.not_in(asked))
        self.ready = next(case.person.name for case in list(free) if all(c.met for c in conditions(case)))        # he could ask for his defence
        for part in (self.explain, self.enter_the_grade, self.recheck, self.rehearse, self.dismiss, self.ask_for_release, self.grant, self.refuse):
            part()

    def case(self, name):
        return Application.select().join(Person).where(Person.name == name, Application.institution == self.unit).order_by(Application.id.desc()).get()

    @property
    def unit(self):
        return User.get(User.username == "clerk").institution

    def page_of(self, name):
        return f"/office/register/details/?id={self.case(name).id}"

    def explain(self):
        """The clerk and the applicant read the same: one credit is missing, and nobody can say when it is published."""
        clerk, person = self.as_("clerk", self.page_of(SHORT)), self.as_("applicant", "/me")
        for visitor in (clerk, person):
            visitor.sees(f"在规定年限内 满足 要求 不晚于 {self.case(SHORT).deadline} 实际 {clock.today()} 差 还余", "通过国家统考 满足 要求 2 科 实际 2 科 差 无",
                         "修满学分 未满足 要求 30 学分 实际 29 学分 差 1 学分", "还须修 1 学分")
            visitor.sees("再修满 1 学分并公布成绩。何时公布不能预知，公布当天即可申请")
        clerk.sees("还差 1 项")
        person.open("/me/conditions")
        person.sees("答辩资格审核表", "还有 1 项不满足", "修满规定的学分")

    def enter_the_grade(self):
        """A second attempt at what is passed already is refused; the grade that waits is mended and changes nothing; published, it turns the verdict."""
        waiting = self.case(SHORT).course_results.where(CourseResult.state == "draft").get()
        clerk = self.as_("clerk", f"/office/course_result/create/?application={waiting.application_id}&course={waiting.course_id}")
        clerk.fill("成绩", "88")
        clerk.fill("考试日期", str(clock.today()))
        clerk.press("新建课程成绩")
        clerk.sees("第 1 次已经合格", "不合格或已过有效期的课程才能重考")
        clerk.open(f"/office/course_result/edit/?id={waiting.id}")
        clerk.fill("成绩", "88")
        clerk.press("保存")
        clerk.sees("未公布")
        page = clerk.page.url
        clerk.open(self.page_of(SHORT))
        clerk.sees("还差 1 项")
        clerk.open(page)
        clerk.press("公布")
        clerk.press("公布 1 项")
        clerk.sees("已公布")
        clerk.open(self.page_of(SHORT))
        clerk.sees("三项都满足")
        self.as_("applicant", "/me").sees("三项都已满足", "申请论文答辩", "88")

    def recheck(self):
        clerk = self.as_("clerk", "/office/recheck/create/")
        clerk.fill("名称", "年度复核")
        clerk.press("新建资格复核")
        clerk.press("执行复核")
        clerk.press("执行复核 1 项")
        run = Recheck.get(Recheck.name == "年度复核")
        clerk.open(f"/office/recheck/details/?id={run.id}")
        clerk.sees("已完成", f"{sum(run.counts.values())} 人", "与上一次比较", "结论有变")
        clerk.press("可以申请答辩")
        clerk.sees(SHORT)
        clerk.open(f"/office/recheck/details/?id={run.id}")
        clerk.press("超期")
        clerk.sees(LATE)

    def rehearsed(self, name):
        """The clerk before the rehearsal of a dismissal, to which the button of the case leads."""
        clerk = self.as_("clerk", self.page_of(name))
        clerk.page.get_by_role("main").get_by_role("link", name="清退", exact=True).click()
        return clerk

    def rehearse(self):
        """Everything is shown, and nothing has happened."""
        clerk = self.rehearsed(LATE)
        clerk.sees("先看会发生什么", "在规定年限内：不满足", "将清除", "课程成绩", "到这里为止什么都没有改变")
        clerk.press("返回")
        clerk.sees("在册")
        assert self.case(LATE).state == "registered" and self.case(LATE).course_results.exists()

    def dismiss(self):
        clerk = self.rehearsed(LATE)
        clerk.choose("依据", "超过规定的学习年限")
        clerk.fill("说明", "已超过学习年限，文号 7")
        clerk.press("清退 1 人")
        clerk.sees("要求写 1")
        clerk.fill("再写一遍", "1")
        clerk.press("清退 1 人")
        clerk.sees("已清退")
        stump = self.case(LATE)
        assert stump.state == "dismissed" and not stump.course_results.exists() and stump.cleared["课程成绩"] > 0
        person = self.as_(stump.person.users.get().email, f"/me/cases/{stump.id}")
        person.sees("已清退", "已超过学习年限，文号 7")

    def ask_for_release(self):
        """Refused elsewhere because they are on the register here, two people ask with one click to be let go."""
        today = clock.today()
        self.wanted = Programme.get(Programme.state == "published", Programme.institution != self.unit, Programme.apply_from <= today,
                                    Programme.apply_until >= today)
        for name in (SHORT, self.ready):
            person = self.as_(self.login(name), f"/programmes/{self.wanted.id}")
            person.sees(f"已入册：您在 {self.unit} 在册")
            person.press("请求放行")
            person.sees(f"放行申请已送达 {self.unit}", "待答复")
            person.open("/me")
            person.sees("答复期限", str(self.request(name).due))

    def grant(self):
        """Dismissed, the one applies at once."""
        clerk = self.as_("clerk", f"/office/release_request/details/?id={self.request(self.ready).id}")
        clerk.press("清退放行")
        clerk.fill("说明", "本人转往外单位，同意放行")
        clerk.fill("再写一遍", "1")
        clerk.press("清退 1 人")
        person = self.as_(self.login(self.ready), "/me")
        person.sees("已放行，您现在可以向别的单位申请")
        person.press("去申请")
        person.press("申请")
        person.sees("您已有的最高学位")
        request = self.request(self.ready)
        draft = Application.get(Application.person == request.person, Application.state == "draft")
        assert (request.state, draft.programme) == ("released", self.wanted)

    def refuse(self):
        """Refused with a reason, the other reads it."""
        self.step("reviewer", f"/office/release_request/details/?id={self.request(SHORT).id}", "不放行", 不放行的理由="已满足条件，应先申请答辩").sees("不放行")
        self.as_("applicant", "/me").sees("没有同意放行", "已满足条件，应先申请答辩")
        assert self.case(SHORT).state == "registered"

    def login(self, name):
        return "applicant" if name == SHORT else Person.get(Person.name == name).users.get().email

    @staticmethod
    def request(name):
        return ReleaseRequest.select().join(Person).where(Person.name == name).order_by(ReleaseRequest.id.desc()).get()


@pytest.fixture
def program(demo_copy):
    setup.open_all(demo_copy, immediate=True)
    base.db.connect()
    return demo_copy


def test_the_register_explains_itself_and_lets_people_go(chromium, program):
    opened = []
    with served(program) as address:
        RegisterStory(lambda: opened.append(BrowserVisitor(chromium, address)) or opened[-1]).play()
        phone = log_in(BrowserVisitor(chromium, address, width=390, height=844), "applicant")
        for path in PHONE:
            phone.open(path)
            assert phone.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), f"{path} 在手机上要横向滚动"
        for visitor in (*opened, phone):
            visitor.close()
