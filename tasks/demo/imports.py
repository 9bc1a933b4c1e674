"""What clerks of the demo brought in from sheets: course results, at every step of an import, some of them given up or refused."""
from models import clock
from models.courses import CourseResult
from models.imports import ImportRun
from tasks import jobs
from tasks.demo.cases import days
from tasks.demo.changes import settled
from tasks.imports import runs
from tasks.imports.bringing import bring
from tasks.imports.catalogue import IMPORTS

HEAD = "注册号,课程代码,成绩,考试日期"
AGO = 1                             # days before today, when the changes of the unit are decided
LINES = 2                           # results of each file


def bring_results(world, code):
    """The story of a clerk who brings in one file after the other."""
    yield world.today - days(AGO)
    clerk, lines = world.staff[code, "clerk"], wanting(world.staff[code, "clerk"].institution_id)
    files = {name: [next(lines) for _ in range(LINES)] for name in ("春季成绩", "补考成绩", "秋季成绩", "夜校成绩", "函授成绩", "周末班成绩", "重修成绩")}
    rows = {name: brought(name, results, clerk) for name, results in files.items()}
    misread = brought("登记册", [(case.register_number, course.code, "一百", clock.today()) for case, course in files["春季成绩"]], clerk, raw=True)
    for row in (*list(rows.values())[:5], misread):
        work(row, "rehearse", "import_check", clerk)
    runs.begin(rows["周末班成绩"], "rehearse", "import_check", clerk)
    jobs.cancel(fresh(rows["周末班成绩"]).job, clerk)
    yield world.today - days(AGO)
    case, course = files["夜校成绩"][0]
    CourseResult.add(clerk, application=case, course=course, score=58, taken_on=clock.today() - days(3)).publish(by=clerk)
    for name in ("春季成绩", "补考成绩", "函授成绩", "夜校成绩"):       # the last one is refused as a whole: a result was published in between
        work(fresh(rows[name]), "commit", "import_commit", clerk, good_only=False)
    runs.begin(fresh(rows["秋季成绩"]), "commit", "import_commit", clerk, good_only=False)
    jobs.cancel(fresh(rows["秋季成绩"]).job, clerk)
    work(fresh(rows["补考成绩"]), "undo", "import_undo", clerk)
    runs.begin(fresh(rows["函授成绩"]), "undo", "import_undo", clerk)
    jobs.cancel(fresh(rows["函授成绩"]).job, clerk)


def wanting(unit):
    """(case, course) of a unit where no result is there yet, one of each case."""
    for case in settled(unit):
        done = {result.course_id for result in case.course_results}
        course = next((course for course in case.programme.plans.get().courses if course.id not in done), None)
        if course is not None:
            yield case, course


def brought(name, results, clerk, raw=False):
    """A file in the charset of a Chinese Excel, brought in."""
    taken = clock.today() - days(2)
    lines = results if raw else [(case.register_number, course.code, 71 + 6 * place, taken) for place, (case, course) in enumerate(results)]
    text = "\n".join([HEAD, *(",".join(map(str, line)) for line in lines)])
    return bring(IMPORTS["course_result"], clerk, f"{name}.csv", text.encode("gb18030"))


def work(row, step, kind, by, **answers):
    """Begin a step of an import and let it come to its end."""
    runs.begin(row, step, kind, by, **answers)
    jobs.run(jobs.claim())


def fresh(row):
    return ImportRun.get_by_id(row.id)
