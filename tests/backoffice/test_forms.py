"""Forms: created and edited with scope and edition, sentences at their fields, nothing typed is lost, lines with their owner."""
import datetime as dt
import re
from decimal import Decimal

import pytest

from models.audit import Entry
from models.parameters import Parameter
from models.programmes import Course, Programme, TrainingPlan
from models.reference import Discipline, Institution
from tests.backoffice.offices import office  # noqa: F401


@pytest.fixture
def clerk(office):      # noqa: F811
    return office.enter(office.world.clerk)


def discipline(code="0301"):
    return Discipline.get(Discipline.catalogue == "2011", Discipline.code == code)


def filled(**changes):
    return {"discipline": discipline().id, "year": "2026", "year_limit": "5", "min_credits": "30", "apply_from": "2026-01-01", "apply_until": "2026-04-15",
            "confirm_from": "2026-01-01", "confirm_until": "2026-05-15", "place": "102 室", "contact": "张老师", "phone": "62750000"} | changes


def test_a_new_row_belongs_to_the_unit_of_whoever_writes_it(office, clerk):      # noqa: F811
    answer = clerk.post("/office/programme/create/", data=filled())
    row = Programme.get(Programme.discipline == discipline())
    assert answer.status_code == 302 and answer.location.endswith(f"/office/programme/details/?id={row.id}")
    assert (row.institution, row.min_credits, row.apply_until, row.state) == (office.world.unit, Decimal(30), dt.date(2026, 4, 15), "draft")
    assert Entry.select().where(Entry.entity == "programme", Entry.row_id == row.id, Entry.user_id == office.world.clerk.id).count() == 1


def test_a_box_says_that_it_must_be_filled_where_it_must_and_nowhere_else(office, clerk):      # noqa: F811
    page = clerk.get("/office/programme/create/").text
    required = {name for box in re.findall(r"<(?:input|textarea|select)[^>]*>", page) if re.search(r"\srequired\b", box) for name in re.findall(r'name="([^"]+)"', box)}
    assert {"discipline.said", "year", "apply_from"} <= required and not {"direction", "materials", "phone", "course_valid_years"} & required


def test_every_mistake_stands_at_its_field_and_what_was_typed_is_kept(office, clerk):      # noqa: F811
    answer = clerk.post("/office/programme/create/", data=filled(discipline="", year="二〇", min_credits="1.25", place="某楼<b>"))
    assert answer.status_code == 422 and Programme.select().count() == 1
    for sentence in ("请填写学科专业", "接受年度：要求数字，实际“二〇”", "最低学分：要求最多 1 位小数，实际“1.25”"):
        assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text and 'aria-describedby="year-error"' in answer.text
    assert 'value="二〇"' in answer.text and "某楼&lt;b&gt;" in answer.text


def test_the_sentences_of_the_model_stand_at_its_fields(office, clerk):      # noqa: F811
    answer = clerk.post("/office/programme/create/", data=filled(apply_until="2025-12-30", year_limit="7"))
    assert answer.status_code == 422 and answer.text.count("差 2 天") == 2 and "要求 4、5、6 年之一，实际 7 年" in answer.text
    assert 'id="apply_until-error"' in answer.text


def test_what_exists_already_is_a_sentence(office, clerk):      # noqa: F811
    answer = clerk.post("/office/programme/create/", data=filled(discipline=office.world.programme.discipline_id))
    assert answer.status_code == 422 and "本单位这一年已经有这个学科" in answer.text


@pytest.mark.parametrize("year", ["99999999999999999999", "-99999999999", "1e9", "NaN", "２０２６年", "2026\x00x"])
def test_strange_numbers_are_refused_and_never_an_error(office, clerk, year):      # noqa: F811
    assert clerk.post("/office/programme/create/", data=filled(year=year)).status_code == 422


def test_full_width_digits_and_spoken_dates_are_understood(office, clerk):      # noqa: F811
    assert clerk.post("/office/programme/create/", data=filled(year="２０２６", apply_until="2026年4月15日")).status_code == 302


def test_an_edit_changes_what_was_changed_and_keeps_the_reason(office, clerk):      # noqa: F811
    row = office.world.programme
    clerk.post("/office/programme/edit/", data={"id": row.id, "edition": row.edition, "place": "新楼", "reason": "搬迁"})
    after = Programme.get_by_id(row.id)
    assert (after.place, after.contact, after.edition) == ("新楼", row.contact, row.edition + 1)
    assert Entry.select().order_by(Entry.id.desc()).get().reason == "搬迁"
    page = clerk.get(f"/office/programme/details/?id={row.id}").text
    assert "<del>研究生院 102 室</del> <ins>新楼</ins>" in page and "搬迁" in page


def test_the_second_of_two_who_save_is_told_what_changed_and_loses_nothing(office, clerk):      # noqa: F811
    row = office.world.programme
    form = {"id": row.id, "edition": row.edition, **filled(discipline=row.discipline_id, place=row.place, contact=row.contact, phone="62751111")}
    row.change(office.world.reviewer, place="别处", contact="李老师")
    form["contact"] = "王老师"
    answer = clerk.post("/office/programme/edit/", data=form)
    assert answer.status_code == 409 and Programme.get_by_id(row.id).phone == row.phone
    assert "<del>研究生院 102 室</del>" in answer.text and "<ins>别处</ins>" in answer.text
    assert 'value="别处"' in answer.text and 'value="王老师"' in answer.text and 'value="62751111"' in answer.text
    edition = Programme.get_by_id(row.id).edition
    assert f'name="edition" value="{edition}"' in answer.text
    assert clerk.post("/office/programme/edit/", data=form | {"edition": edition, "place": "别处"}).status_code == 302
    after = Programme.get_by_id(row.id)
    assert (after.place, after.contact, after.phone) == ("别处", "王老师", "62751111")


@pytest.mark.parametrize("id", ["foreign", "999999", "x", "", "99999999999999999999"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_row_is_not_found_whatever_the_method(office, id, method):      # noqa: F811
    plan = TrainingPlan.add(office.world.clerk, programme=Programme.add(office.world.clerk, institution=office.world.unit, **filled(
        discipline=discipline(), year=2026, year_limit=5, min_credits=Decimal(30), **{name: dt.date(2026, 1, 1) for name in (
            "apply_from", "apply_until", "confirm_from", "confirm_until")})))
    id = plan.id if id == "foreign" else id
    stranger = office.enter(office.world.clerk2)
    assert getattr(stranger, method)(f"/office/training_plan/edit/?id={id}", **({"data": {"name": "x"}} if method == "post" else {})).status_code == 404
    assert stranger.get(f"/office/training_plan/details/?id={id}").status_code == 404


def test_who_does_not_write_this_kind_gets_no_form(office):      # noqa: F811
    officer = office.enter(office.world.officer)
    assert officer.get("/office/programme/create/").status_code == 403
    assert officer.post("/office/programme/edit/", data={"id": office.world.programme.id, "place": "x"}).status_code == 403
    assert "新建" not in officer.get("/office/programme/").text


def test_a_row_out_of_sight_cannot_be_chosen(office):      # noqa: F811
    hidden = Programme.add(office.world.clerk, institution=office.world.unit, discipline=discipline(), year=2026, **{name: dt.date(2026, 1, 1) for name in (
        "apply_from", "apply_until", "confirm_from", "confirm_until")})
    stranger = office.enter(office.world.clerk2)
    answer = stranger.post("/office/training_plan/create/", data={"programme": hidden.id, "name": "方案"})
    assert answer.status_code == 422 and "没有这一行，或不在您的范围内" in answer.text and str(hidden) not in answer.text


def test_nobody_writes_a_row_out_of_his_own_sight(office):      # noqa: F811
    answer = office.enter(office.world.clerk2).post("/office/training_plan/create/", data={"programme": office.world.programme.id, "name": "方案"})
    assert answer.status_code == 422 and TrainingPlan.select().count() == 1


def test_what_was_typed_into_a_look_up_but_not_chosen_is_kept_and_said(office, clerk):      # noqa: F811
    answer = clerk.post("/office/programme/create/", data=filled(discipline="", **{"discipline.said": "法学"}))
    assert "“法学”还没有选定" in answer.text and 'value="法学"' in answer.text


def test_a_look_up_offers_only_rows_in_sight_for_fields_of_the_form(office, clerk):      # noqa: F811
    found = clerk.get("/office/programme/lookup/?field=discipline&q=经济").json["rows"]
    assert {"理论经济学（0201）", "应用经济学（0202）"} <= {row["text"] for row in found}
    assert clerk.get("/office/programme/lookup/?field=password&q=a").status_code == 404
    assert clerk.get("/office/programme/lookup/?field=place&q=a").status_code == 404
    own = clerk.get("/office/training_plan/lookup/?field=programme&q=").json["rows"]
    assert str(office.world.programme) in [row["text"] for row in own]


def test_lines_are_written_with_their_owner_or_not_at_all(office, clerk):      # noqa: F811
    TrainingPlan.get().renew(by=office.world.clerk, valid_from=dt.date(2030, 1, 1))
    plan = TrainingPlan.get(TrainingPlan.version == 2)
    courses = list(Course.select().where(Course.plan == plan).order_by(Course.id))
    lines = {f"line-{n}-{name}": value for n, course in enumerate(courses) for name, value in (
        ("code", course.code), ("name", course.name), ("credits", str(course.credits)), ("required", "1"), ("edition", course.edition))}
    form = {"id": plan.id, "edition": plan.edition, "name": "方案一", **lines, "line-0-name": "经济学原理", "line-3-code": "EC504", "line-3-name": "新课",
            "line-3-credits": "2.5", "line-7-code": "", "line-7-name": "", "line-7-credits": ""}
    refused = clerk.post("/office/training_plan/edit/", data=form | {"line-3-credits": "99"})
    assert refused.status_code == 422 and "要求大于 0、不超过 20，实际 99" in refused.text and 'value="新课"' in refused.text
    assert TrainingPlan.get_by_id(plan.id).name == plan.name and Course.select().where(Course.plan == plan).count() == 3
    assert clerk.post("/office/training_plan/edit/", data=form).status_code == 302
    rows = list(Course.select().where(Course.plan == plan).order_by(Course.id))
    assert [row.name for row in rows] == ["经济学原理", "课程2", "课程3", "新课"] and rows[3].credits == Decimal("2.5")
    assert TrainingPlan.get_by_id(plan.id).name == "方案一"


def test_a_value_written_as_json_is_read_or_refused(office):      # noqa: F811
    centre = office.enter(office.world.centre)
    form = {"name": "photo.max_kb", "title": "照片上限", "valid_from": "2026-01-01", "value": "[1, 2"}
    answer = centre.post("/office/parameter/create/", data=form)
    assert answer.status_code == 422 and "要求按 JSON 书写" in answer.text and "[1, 2" in answer.text
    assert centre.post("/office/parameter/create/", data=form | {"value": "300"}).status_code == 302
    assert Parameter.select().order_by(Parameter.id.desc()).get().value == 300


def test_an_address_may_fill_a_new_form(office, clerk):      # noqa: F811
    page = clerk.get(f"/office/programme/create/?discipline={discipline().id}&year=2031&state=published&year_limit=x").text
    assert 'value="2031"' in page and f'value="{discipline()}"' in page


def test_a_form_without_its_token_is_refused(office, clerk):      # noqa: F811
    office.app.config["WTF_CSRF_ENABLED"] = True
    assert clerk.post("/office/programme/create/", data=filled()).status_code == 400 and Institution.select().exists()
    assert Programme.select().count() == 1
