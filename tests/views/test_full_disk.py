"""An upload to a disk that takes nothing: one sentence where it belongs, what was typed stays, and nothing is half kept."""
import errno
import io
import shutil

import pytest

from models.applications import Application, Document
from models.changes.extension import Extension
from models.files import File
from tests.world import pdf, picture


@pytest.fixture
def unwritable(settings):
    """Lets the store be a file, in which nothing can be written, and puts it back."""
    kept = settings.files_dir.with_name("kept")

    def spoil():
        settings.files_dir.mkdir(parents=True, exist_ok=True)
        settings.files_dir.rename(kept)
        settings.files_dir.write_text("")

    def mend():
        settings.files_dir.unlink()
        shutil.move(kept, settings.files_dir)
    return spoil, mend


def test_a_clerk_is_told_keeps_what_he_typed_and_succeeds_once_there_is_room(world, enter, unwritable):
    (spoil, mend), case, visitor = unwritable, world.registered(), enter(world.clerk)
    given = {"application": case.id, "ground": "illness", "until": "2032-03-20", "statement": "住院三个月"}
    spoil()
    page = visitor.post("/office/extension/create/", 422, document=(io.BytesIO(pdf()), "证明.pdf"), **given)
    assert "文件没有保存：存储目录不可用" in page and "住院三个月" in page and not Extension.select().exists()
    mend()
    visitor.post("/office/extension/create/", document=(io.BytesIO(pdf()), "证明.pdf"), **given)
    assert Extension.get().document.read() == pdf()


def test_an_applicant_is_told_at_the_file_and_what_he_had_stays(world, visit, unwritable):
    (spoil, mend), user = unwritable, world.applicant()
    case, client = world.draft(user), visit(user)
    photo = case.photo_id
    client.post(f"/apply/{case.id}/materials", data={"file-0": (io.BytesIO(picture()), "a.jpg")})
    before = Document.get().file_id
    spoil()
    for path, name in (("materials", "file-0"), ("photo", "photo")):
        answer = client.post(f"/apply/{case.id}/{path}", data={name: (io.BytesIO(picture()), "a.jpg")})
        assert answer.status_code == 422 and "文件没有保存" in answer.text, path
    mend()
    assert (Document.get().file_id, Application.get_by_id(case.id).photo_id) == (before, photo) and File.get_by_id(before).read()


def test_the_desk_of_confirmation_keeps_what_was_ticked(world, enter, unwritable):
    user = world.applicant()
    case = world.draft(user).submit(by=user)
    unwritable[0]()
    page = enter(world.clerk).post("/office/confirmation/desk/", 422, id=case.id, originals=["身份证"], note="本人到场", form_scan=(io.BytesIO(pdf()), "f.pdf"))
    assert "文件没有保存" in page and "本人到场" in page and Application.get_by_id(case.id).state == "submitted"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_is_full_under_anything_else_is_said_and_is_no_failure_of_the_program(office, world, enter, code):
    def full():
        raise OSError(code, "full")
    office.add_url_rule("/full", "full", full)
    page = enter(world.clerk).get("/full", 507)
    assert "存储空间不够" in page and "已保存的数据没有变化" in page
