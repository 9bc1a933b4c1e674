"""The story: one person goes through all ten stages, each step taken on the pages by the account whose step it is.

`Story` knows what people do and see; the visitors (tests/visitors.py) know how - over HTTP or in a browser.
"""
import datetime as dt

from models import clock
from models.applications import Application
from models.awards import Meeting
from models.defences import Defence, Thesis
from models.exams.entries import ExamEntry
from models.people import Person
from models.programmes import Programme, TrainingPlan
from models.reports import AnnualReport, Report
from tasks.demo.fingers import capture
from tests.visitors import PASSWORD, log_in, take
from tests.world import number_for, picture

NUMBER = number_for(7, born="19880808")
NAME = "温景行"


class Story:
    def __init__(self, new_visitor):
        self.new_visitor, self.cast = new_visitor, {}

    def as_(self, name, path):
        """The visitor who plays an account, at a page."""
        if name not in self.cast:
            self.cast[name] = log_in(self.new_visitor(), name)
        visitor = self.cast[name]
        visitor.open(path)
        return visitor

    def on(self, *day):
        clock.stop(dt.date(*day))

    def step(self, name, path, label, **answers):
        """Take one step on one row, as somebody of the cast."""
        return take(self.as_(name, path), label, **answers)

    def play(self):
        """All ten stages; a test fails at the first page that does not show what it should."""
        for stage in (self.publish, self.apply, self.confirm, self.review, self.study, self.sit, self.recheck, self.request, self.defend, self.report):
            stage()

    # 1 -----------------------------------------------------------------------------------------------------------------------------
    def publish(self):
        self.on(2026, 3, 2)
        clerk = self.as_("clerk", "/office/programme/create/")
        clerk.choose("学科专业", "应用经济学")
        for label, value in {"接受年度": "2026", "学习年限": "5", "最低学分": "30", "申请开始": "2026-03-01", "申请截止": "2026-04-15", "现场确认开始": "2026-03-01",
                             "现场确认截止": "2026-05-15", "现场确认地点": "研究生院 102 室", "联系人": "张老师", "联系电话": "010-62750000"}.items():
            clerk.fill(label, value)
        clerk.press("新建拟接受学科")
        clerk.sees("草稿", "培养方案的学分不够", "不少于最低学分 30")
        clerk.press("建立培养方案")
        clerk.press("新建课程培养方案")
        plan = TrainingPlan.get()
        for number, name in enumerate(("高级微观经济学", "高级宏观经济学"), 1):
            clerk.open(f"/office/course/create/?plan={plan.id}")
            clerk.fill("课程代码", f"EC50{number}")
            clerk.fill("课程名称", name)
            clerk.fill("学分", "15")
            clerk.press("新建课程")
            clerk.sees(name, "课程代码")
        programme = Programme.get()
        self.step("clerk", f"/office/programme/details/?id={programme.id}", "发布").sees("已发布")
        nobody = self.new_visitor()
        nobody.open("/programmes")
        nobody.sees("应用经济学", "北京大学")
        self.cast["nobody"] = nobody

    # 2 -----------------------------------------------------------------------------------------------------------------------------
    def apply(self):
        self.on(2026, 3, 5)
        person = self.cast["nobody"]
        person.open("/register")
        for label, value in {"姓名": NAME, "证件号": NUMBER, "手机": "13800138000", "电子邮箱": "wen@example.cn", "密码": PASSWORD, "再输入一次密码": PASSWORD}.items():
            person.fill(label, value)
        person.tick("我已阅读并同意")
        person.press("注册")
        self.cast["person"] = person
        person.open(f"/programmes/{Programme.get().id}")
        person.press("申请")
        self.case = Application.get()
        form = f"/apply/{self.case.id}"
        person.open(f"{form}/identity")
        person.choose("民族", "汉族")
        person.choose("政治面貌", "群众")
        person.press("保存并继续")
        person.fill("学位授予日期", "2023-07-01")
        for label, value in {"学位授予单位": "清华大学", "学位专业": "经济学", "学位证书编号": "1000342023000001"}.items():
            person.fill(label, value)
        person.choose("学位门类", "经济学")
        person.press("保存并继续")
        person.choose("学历", "大学本科")
        person.fill("本科毕业学校", "清华大学")
        person.press("保存并继续")
        person.choose("外国语语种", "英语")
        person.press("保存并继续")
        person.fill("工作单位", "某研究所")
        person.press("保存并继续")
        self.photograph(person)
        person.open(f"{form}/check")
        person.press("提交")
        person.sees("取得学士学位应已满 3 年", "不晚于 2023-03-31", "92 天")
        person.open(f"{form}/degree")
        person.fill("学位授予日期", "2012-06-30")
        person.press("保存")
        person.open(f"{form}/check")
        person.press("提交")
        person.open("/me")
        person.sees("带原件到现场确认", "待确认")

    def photograph(self, person):
        """A picture of the wrong size is refused with what is required and what is there."""
        person.attach("照片", "photo.jpg", picture(400, 400), "image/jpeg")
        person.press("上传")
        person.sees("390 × 567 像素", "400 × 400 像素")
        person.attach("照片", "photo.jpg", picture(), "image/jpeg")
        person.press("上传")

    # 3 -----------------------------------------------------------------------------------------------------------------------------
    def confirm(self):
        self.on(2026, 3, 10)
        self.case = Application.get()
        clerk = self.as_("clerk", f"/office/confirmation/desk/?q={self.case.number}")
        clerk.sees(NAME, NUMBER)
        clerk.press("保存并确认")
        clerk.sees("原件没有核对完")
        for name in ("学士学位证书", "学历证明", "身份证", "成果材料", "单位推荐意见", "本人同意采集"):
            clerk.tick(name)
        for label in ("现场照片", "签字的资格审查表"):
            clerk.attach(label, f"{label}.png", picture(300, 400, form="PNG"), "image/png")
        for finger, label in enumerate(("指纹一", "指纹二"), 1):
            clerk.attach(label, f"{label}.png", capture(finger, 0), "image/png")
        clerk.press("保存并确认")
        clerk.sees("现场确认完成")

    # 4 -----------------------------------------------------------------------------------------------------------------------------
    def review(self):
        self.on(2026, 3, 20)
        self.step("reviewer", f"/office/application/details/?id={self.case.id}", "通过", 审核意见="同意").sees("在册", "2031-03-20")
        self.cast["person"].open("/me")
        self.cast["person"].sees("10001-2026-00001", "年限", "统考", "学分", "30 学分", "2 科")

    # 5 -----------------------------------------------------------------------------------------------------------------------------
    def study(self):
        self.on(2026, 7, 10)
        for name in ("高级微观经济学", "高级宏观经济学"):
            clerk = self.as_("clerk", "/office/course_result/create/")
            clerk.choose("姓名", NAME)
            clerk.choose("课程", name)
            clerk.fill("成绩", "82")
            clerk.fill("考试日期", "2026-07-05")
            clerk.press("新建课程成绩")
            clerk.sees("未公布")
            clerk.press("公布")
            clerk.press("公布 1 项")
            clerk.sees("已公布")
        self.cast["person"].open("/me")
        self.cast["person"].sees("高级微观经济学")

    # 6 -----------------------------------------------------------------------------------------------------------------------------
    def sit(self):
        self.on(2027, 3, 1)
        exam = self.as_("exam", "/office/exam_session/create/")
        for label, value in {"名称": "2027 年全国统考", "年度": "2027", "报考开始": "2027-03-01", "报考截止": "2027-03-25", "考试日期": "2027-05-23"}.items():
            exam.fill(label, value)
        exam.press("新建统考批次")
        from models.exams.sessions import ExamSession
        session = ExamSession.get()
        for subject in ("英语", "经济学"):
            exam.open(f"/office/session_subject/create/?session={session.id}")
            exam.choose("科目", subject)
            exam.press("新建批次科目")
        self.step("exam", f"/office/exam_session/details/?id={session.id}", "开放报考")
        person = self.cast["person"]
        person.open("/me/exam")
        person.press("报考")
        person.sees("待缴费", "200 元")
        payment = ExamEntry.get().payment
        self.step("exam", f"/office/payment/details/?id={payment.id}", "登记缴费", 凭证号="线下-0001").sees("已缴费")
        self.on(2027, 6, 20)
        self.step("exam", f"/office/exam_session/details/?id={session.id}", "结束报考")
        for entry in ExamEntry.select():
            exam = self.as_("exam", f"/office/exam_result/create/?entry={entry.id}")
            exam.fill("成绩", "71")
            exam.press("新建统考成绩")
        person.open("/me/exam")
        assert "71" not in person.text()
        visitor = self.as_("exam", f"/office/exam_session/details/?id={session.id}")
        visitor.press("公布成绩")
        visitor.fill("再写一遍项数", "1")
        visitor.press("公布成绩 1 项")
        person.open("/me/exam")
        person.sees("71", "合格")

    # 7 -----------------------------------------------------------------------------------------------------------------------------
    def recheck(self):
        clerk = self.as_("clerk", "/office/recheck/create/")
        clerk.fill("名称", "2027 年复核")
        clerk.press("新建资格复核")
        clerk.press("执行复核")
        clerk.press("执行复核 1 项")
        clerk.sees("可以申请答辩 1", NAME)

    # 8 -----------------------------------------------------------------------------------------------------------------------------
    def request(self):
        person = self.cast["person"]
        person.open("/me/defence")
        person.press("申请答辩")
        person.sees("等待", "审核")
        request = Application.get().defence_requests.get()
        page = f"/office/defence_request/details/?id={request.id}"
        reviewer = self.as_("reviewer", page)
        for title in ("发表论文或成果", "学位论文定稿", "导师同意答辩"):
            reviewer.tick(title)
        reviewer.press("保存核对项")
        self.step("reviewer", page, "通过", 审核意见="同意").sees("已通过")

    # 9 -----------------------------------------------------------------------------------------------------------------------------
    def defend(self):
        clerk = self.as_("clerk", "/office/expert/create/")
        for name, number, unit in (("裴敬堂", "T001", ""), *((f"评阅人{n}", f"R{n}", "某高校" if n == 1 else "") for n in (1, 2, 3)),
                                   *((f"委员{n}", f"M{n}", "某高校" if n == 2 else "") for n in range(1, 6))):
            clerk.open("/office/expert/create/")
            for label, value in {"姓名": name, "工号": number, "工作单位": unit}.items():
                clerk.fill(label, value)
            if unit:
                clerk.tick("外单位人员")
            clerk.press("新建导师与专家")
        thesis = Thesis.get()
        clerk.open(f"/office/thesis/edit/?id={thesis.id}")
        for label, value in {"论文题目": "论产业结构", "关键词": "产业；结构；转型", "文字复制比（%）": "8.5"}.items():
            clerk.fill(label, value)
        clerk.choose("导师", "裴敬堂")
        clerk.choose("论文类型", "应用研究")
        clerk.attach("文字复制检测报告", "检测报告.jpg", picture(), "image/jpeg")
        clerk.press("保存")
        for number in (1, 2, 3):
            clerk.open(f"/office/thesis_reviewer/create/?thesis={thesis.id}")
            clerk.choose("评阅人", f"评阅人{number}")
            clerk.fill("送审日期", "2027-07-01")
            clerk.press("新建论文评阅")
        self.on(2027, 9, 20)
        clerk.open("/office/defence/create/")
        clerk.choose("姓名", NAME)
        for label, value in {"答辩日期": "2027-09-20", "地点": "二教 301", "成绩": "良好", "同意票": "3", "反对票": "2"}.items():
            clerk.fill(label, value)
        clerk.press("新建论文答辩")
        defence = Defence.get()
        for number in range(1, 6):
            clerk.open(f"/office/committee_member/create/?defence={defence.id}")
            clerk.choose("委员", f"委员{number}")
            if number == 1:
                clerk.tick("主席")
            clerk.press("新建答辩委员")
        page = f"/office/defence/details/?id={defence.id}"
        clerk.open(page)
        clerk.sees("同意票不够", "4 票", "3 票")
        clerk.open(f"/office/defence/edit/?id={defence.id}")
        clerk.fill("同意票", "4")
        clerk.fill("反对票", "1")
        clerk.press("保存")
        self.step("clerk", page, "记为通过").sees("通过")
        self.meet()
        self.cast["person"].open("/me")
        self.cast["person"].sees("已授学位")

    def meet(self):
        """The degree committee: its agenda, the ballot with the decision, the certificate."""
        award = Application.get().awards.get()
        self.on(2027, 10, 8)
        clerk = self.as_("clerk", "/office/meeting/create/")
        for label, value in {"会议": "2027 年第 3 次", "开会日期": "2027-10-08", "全体委员": "15"}.items():
            clerk.fill(label, value)
        clerk.press("新建学位评定委员会会议")
        page = f"/office/meeting/details/?id={Meeting.get().id}"
        self.step("clerk", page, "列入全部待授予的人").sees(NAME)
        self.as_("reviewer", page).sees("到会的委员不够", "全体委员 15 人的 10 人", "还没有上传会议决定文件")
        clerk.open(f"/office/meeting/edit/?id={Meeting.get().id}")
        for label, value in {"到会委员": "13", "同意票": "12", "弃权票": "1"}.items():
            clerk.fill(label, value)
        clerk.attach("会议决定文件", "会议决定.png", picture(60, 80, form="PNG"), "image/png")
        clerk.press("保存")
        self.step("reviewer", page, "决定授予", 学位评定委员会决定编号="校学位〔2027〕9 号").sees("已决定")
        reviewer = self.as_("reviewer", f"/office/award/details/?id={award.id}")
        reviewer.sees("1000132027000001", "已授予", "校学位〔2027〕9 号")

    # 10 ----------------------------------------------------------------------------------------------------------------------------
    def report(self):
        centre = self.as_("centre", "/office/term/create/")
        for label, value in {"学期": "2027—2028 学年第一学期", "授予日期起": "2027-09-01", "授予日期止": "2028-02-29", "报送开始": "2027-10-01",
                             "单位报送截止": "2028-03-31"}.items():
            centre.fill(label, value)
        centre.press("新建报送学期")
        centre.press("开放")
        centre.press("开放 1 项")
        report = Report.get()
        page, annual = f"/office/report/details/?id={report.id}", f"/office/annual_report/details/?id={AnnualReport.get().id}"
        officer = self.as_("officer", annual)
        officer.sees("同力信息平台还没有这个单位的报送")
        clerk = self.as_("clerk", page)
        clerk.sees("信息不完整", NAME, "校长姓名")
        clerk.press("校长姓名")
        clerk.press("新建校长与主席")
        for label, value in {"校长姓名": "郝平川", "学位评定委员会主席姓名": "龚旗", "任期起": "2020-01-01"}.items():
            clerk.fill(label, value)
        clerk.press("新建校长与主席")
        clerk.open(page)
        clerk.sees("可以报送", NAME)
        assert "未授予学位确认" not in clerk.text()          # exactly the one button that applies
        self.step("clerk", page, "提交").sees("已提交", "SHA-256", NAME)
        self.step("officer", page, "打回", 打回原因="错报：请核对导师职称").sees("已打回")
        clerk.open(page)
        clerk.sees("错报：请核对导师职称")
        clerk.open(f"/office/thesis/edit/?id={Thesis.get().id}")
        clerk.fill("导师职称", "教授")
        clerk.press("保存")
        self.step("clerk", page, "提交").sees("与上一版相比", "导师职称", "教授")
        self.step("officer", annual, "备案").sees("已备案")
        clerk.open(page)
        clerk.sees("已备案")
        auditor = self.as_("auditor", "/office/audit/")
        auditor.sees("备案", "授予学位")
        assert Report.get().state == AnnualReport.get().state == "filed"
        assert Person.get().document_number == NUMBER


class StoryInBrowser(Story):
    """The story where scripts run: a picture of the wrong size is cut to the right one before it is sent."""

    def photograph(self, person):
        person.attach("照片", "photo.jpg", picture(400, 400), "image/jpeg")
        person.page.get_by_text("符合：要求 390 × 567 像素，实际 390 × 567").wait_for()
        person.press("上传")
        person.sees("照片合格，已保存")
