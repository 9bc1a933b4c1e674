"""Applied versions of screens, and the views that users keep: who writes them, who sees them, and what two at once find out."""
import pytest

from models.audit import Entry
from models.screens import OwnView, ScreenVersion, applied, kept_views, save_view, views_in
from models.workflow import Refused
from tests.world import account


def apply(world, text, seen, screen="register"):
    return ScreenVersion.apply(world.it, screen, text, "出厂", "试", seen)


def views_of(user, screen):
    return views_in(kept_views(user, screen).scalar())


def test_the_version_with_the_highest_number_is_in_force(world):
    apply(world, "a", 0)
    apply(world, "b", 1)
    apply(world, "c", 0, "award")
    assert {name: (row.number, row.text, row.shipped) for name, row in applied().items()} == {"register": (2, "b", "出厂"), "award": (1, "c", "出厂")}
    assert Entry.select().where(Entry.entity == "screen_version", Entry.reason == "试").count() == 3


def test_somebody_who_looked_at_an_earlier_version_is_told_and_nothing_is_applied(world):
    apply(world, "a", 0)
    with pytest.raises(Refused, match="别人应用了第 1 版"):
        apply(world, "b", 0)
    assert applied()["register"].text == "a"


@pytest.mark.parametrize("role", ("clerk", "unit_admin", "officer", "centre", "security", "auditor"))
def test_only_it_applies_a_screen(world, role):
    with pytest.raises(Refused, match="只有系统管理"):
        ScreenVersion.apply(getattr(world, role), "register", "a", "", "试", 0)


def test_a_text_beyond_measure_is_refused(world):
    with pytest.raises(Refused, match="差 1"):
        apply(world, "x" * (256 * 1024 + 1), 0)


def test_a_view_is_its_users_own_until_it_is_shared_with_the_unit(world):
    save_view(world.clerk, "register", "我的", "?f.state=registered", False)
    save_view(world.clerk, "register", "共用", "?q=1", True)
    assert [view.title for view in views_of(world.clerk, "register")] == ["共用", "我的"]
    assert [view.title for view in views_of(world.reviewer, "register")] == ["共用"]
    for user in (world.clerk2, world.officer, world.centre, world.it):
        assert views_of(user, "register") == []
    assert views_of(world.clerk, "award") == []


def test_nobody_without_a_unit_shares_or_sees_what_is_shared(world):
    with pytest.raises(Refused, match="只有单位的账号"):
        save_view(world.centre, "register", "全国", "?q=1", True)
    save_view(world.clerk, "register", "共用", "?q=1", True)
    assert views_of(account("placeless", "clerk"), "register") == [] and not OwnView.visible_to(account("plain", institution=world.unit)).exists()


def test_a_view_of_the_same_name_is_replaced_and_one_that_was_dropped_comes_back(world):
    first = save_view(world.clerk, "register", "我的", "?q=1", False)
    first.change(world.clerk, kept=False)
    assert views_of(world.clerk, "register") == []
    save_view(world.clerk, "register", "我的", "?q=2", False)
    assert [view.address for view in views_of(world.clerk, "register")] == ["?q=2"] and OwnView.select().count() == 1


def test_a_shared_view_is_changed_by_its_owner_alone(world):
    view = save_view(world.clerk, "register", "共用", "?q=1", True)
    with pytest.raises(Refused):
        view.change(world.reviewer, kept=False)
    with pytest.raises(Refused, match="请填写名称"):
        save_view(world.clerk, "register", "", "?q=1", False)
