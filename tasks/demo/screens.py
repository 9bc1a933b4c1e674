"""What was made of the screens in the demo: a version that IT staff applied, and a view that a clerk shares with the unit."""
from models.screens import ScreenVersion, save_view
from tasks.demo.cases import days

TILE = 'tiles = [{ title = "待答辩", where = { state = "defence_admitted" }, hint = "准予答辩、还没有答辩" }]\n'


def adapt(world):
    """IT staff add a number to the desk; a clerk keeps a look at the register."""
    yield world.today - days(40)
    ScreenVersion.apply(world.staff["it"], "register", TILE, "", "各单位要在工作台看到待答辩人数", 0)
    yield world.today - days(20)
    save_view(world.staff["10001", "clerk"], "register", "按到期日", "?f.state=registered&sort=deadline", True)
