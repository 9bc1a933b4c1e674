"""The wizard as a clerk goes through it: template, errors, mended, committed, the same again; and what other people see of it."""
import io

import pytest

from models.courses import CourseResult
from models.imports import ImportRun
from tasks import jobs, queue
from tests.workbooks import filled, opened, saved


@pytest.fixture
def entered(enter):
    """The plain client of a user of the office."""
    return lambda user: enter(user).client


def send(client, data, name="成绩.xlsx", what="course_result"):
    answer = client.post(f"/office/import/{what}/", data={"file": (io.BytesIO(data), name)})
    return answer, int(answer.location.rpartition("=")[2]) if answer.status_code == 302 else None


def confirm(client, id):
    """Send the columns as the page proposes them."""
    run = ImportRun.get_by_id(id)
    return client.post("/office/import/run/columns/", data={"id": id} | {code: str(place) for code, place in run.mapping.items()})


def test_a_round_from_the_template_to_the_same_again(entered, world):
    case, client = world.registered(), entered(world.clerk)
    blank = client.get("/office/import/course_result/template/").data
    _, id = send(client, filled(blank, (case.register_number, "EC501", 85, "2026-03-01"), (case.register_number, "EC502", 185, "2026-03-01")))
    assert "核对列" in client.get(f"/office/import/run/?id={id}").text
    assert confirm(client, id).status_code == 302
    page = client.get(f"/office/import/run/?id={id}").text
    assert "要求 0 到 100，实际 185" in page and "下载待改正的 1 行" in page
    refused = client.post("/office/import/run/commit/", data={"id": id})
    assert refused.status_code == 422 and "差 <b>1 行</b>" in refused.text and not CourseResult.select().exists()

    back = opened(ImportRun.get_by_id(id).returned.read())
    back.active["C2"] = 75                                           # mended in the workbook that came back
    assert client.post("/office/import/run/commit/", data={"id": id, "good_only": "1"}).status_code == 302
    _, mended = send(client, saved(back))
    confirm(client, mended)
    client.post("/office/import/run/commit/", data={"id": mended})
    assert sorted(row.score for row in CourseResult.select()) == [75, 85]

    exported = client.get("/office/course_result/export/")
    sheet = opened(exported.data).active
    titles = [cell.value for cell in sheet[1]]
    found = {(row[titles.index("课程代码")].value, row[titles.index("成绩")].value) for row in sheet.iter_rows(min_row=2)}
    assert found == {("EC501", 85), ("EC502", 75)}
    _, same = send(client, exported.data)                            # what was exported can be imported, and changes nothing
    client.post("/office/import/run/columns/", data={"id": same, "registered_no": titles.index("注册号"), "course_code": titles.index("课程代码"),
                                                     "score": titles.index("成绩"), "passed_on": titles.index("考试日期"), "attempt": titles.index("第几次")})
    assert ImportRun.get_by_id(same).counts == {"new": 0, "changed": 0, "same": 2, "wrong": 0, "total": 2}
    assert "没有可以导入的行" in client.get(f"/office/import/run/?id={same}").text

    client.post("/office/import/run/undo/", data={"id": mended})
    assert [row.score for row in CourseResult.select()] == [85] and "已撤销" in client.get("/office/import/").text


def test_a_file_that_is_none_is_refused_with_its_sentence(entered, world):
    client = entered(world.clerk)
    answer, _ = send(client, b"%PDF-1.7", "成绩.xlsx")
    assert answer.status_code == 422 and "实际是 PDF 文件" in answer.text
    assert client.post("/office/import/course_result/").status_code == 422


def test_columns_must_be_there_and_used_once(entered, world):
    client = entered(world.clerk)
    _, id = send(client, "注册号,课程代码,成绩\nX,Y,1\n".encode(), "a.csv")
    answer = client.post("/office/import/run/columns/", data={"id": id, "registered_no": "0", "course_code": "0"})
    assert answer.status_code == 422 and "请指明必填的列：成绩" in answer.text and "一列只能用一次：注册号" in answer.text


def test_nobody_opens_the_import_of_another_role_or_unit(entered, world):
    clerk, other, reviewer = entered(world.clerk), entered(world.clerk2), entered(world.reviewer)
    _, id = send(clerk, "注册号,课程代码,成绩\nX,Y,1\n".encode(), "a.csv")
    assert reviewer.get("/office/import/course_result/").status_code == 403
    assert reviewer.get("/office/import/nothing/").status_code == 404
    assert entered(world.officer).get("/office/import/").status_code == 403
    for path in ("columns", "commit", "undo"):
        assert other.post(f"/office/import/run/{path}/", data={"id": id}).status_code == 404
    assert other.get(f"/office/import/run/?id={id}").status_code == 404
    assert other.get(f"/file/{ImportRun.get_by_id(id).file_id}").status_code == 404


def test_the_list_of_an_entity_leads_to_its_import(entered, world):
    assert 'href="/office/import/course_result/"' in entered(world.clerk).get("/office/course_result/").text
    assert "/office/import/course_result/" not in entered(world.officer).get("/office/course_result/").text


def test_an_import_whose_job_was_stopped_leads_to_where_it_goes_on(entered, world, monkeypatch):
    monkeypatch.setattr(queue, "_leave", lambda task, args: None)
    case, client = world.registered(), entered(world.clerk)
    _, id = send(client, f"注册号,课程代码,成绩,考试日期\n{case.register_number},EC501,85,2026-03-01\n".encode(), "a.csv")
    confirm(client, id)
    jobs.run(jobs.claim())
    client.post("/office/import/run/commit/", data={"id": id})
    jobs.cancel(ImportRun.get_by_id(id).job, world.clerk)
    page = client.get(f"/office/import/run/?id={id}").text
    assert "从断开的地方继续" in page and f"/office/job/details/?id={ImportRun.get_by_id(id).job_id}" in page
    jobs.retry(ImportRun.get_by_id(id).job, world.clerk)
    jobs.run(jobs.claim())
    assert ImportRun.get_by_id(id).state == "imported" and CourseResult.select().count() == 1
