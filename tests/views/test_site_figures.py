"""Numbers for everybody: programmes as the list has them, persons as of the last night and never a small number of them."""
from models.figures import PublicFigures, draw_up
from models.programmes import Programme


def told(visit):
    return visit().get("/statistics").get_data(as_text=True)


def test_the_programmes_that_are_open_lead_to_their_list_and_are_as_many_as_it_has(world, visit):
    world.publish(world.unit2, world.clerk2, "0202")
    world.publish(world.unit, world.clerk, "1204")
    page = told(visit)
    assert '京2，北京有 2 个学科' in page and '沪1，上海有 1 个学科' in page and 'href="/programmes?province=11&amp;open=y"' in page
    assert visit().get("/programmes?province=11&open=y").get_data(as_text=True).count('class="pin"><a') == 2
    Programme.update(state="closed").execute()
    assert "现在没有学科接受申请" in told(visit)


def test_before_the_first_night_it_says_so(world, visit):
    assert "人数还没有汇总" in told(visit)


def test_a_small_number_is_told_as_less_than_the_floor_and_what_would_give_it_away_not_at_all(world, visit):
    world.awarded()
    draw_up()
    page = told(visit)
    assert "不足 10" in page and ">不列出<" in page and "人数还没有汇总" not in page
    content = {"floor": 10, "standing": [20, 31, 42, 5301, 64, 75], "under_way": 5533, "awarded": 1234, "years": [[2025, 1000], [2026, 234]],
               "sessions": [["2026 年统考", [["英语", 300, 100, 400], ["俄语", 12, "small", "withheld"]]]]}
    PublicFigures.update(content=content).execute()
    page = told(visit)
    assert "英语 合格率 75.0%" in page and ">俄语<" in page and "不足 10" in page and "5,301" in page and "合计 1,234 人" in page


def test_every_page_of_the_site_leads_there(world, visit):
    assert visit().get("/").get_data(as_text=True).count('href="/statistics"') == 2
