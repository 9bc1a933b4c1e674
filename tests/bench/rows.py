"""Rows for the benchmark: so many cases spread over the units, written in bulk from a fixed seed."""
import datetime as dt
import random

from models.applications import Application
from models.base import db, writing
from models.people import Person
from models.programmes import Programme
from models.reference import Institution
from models.sealed import blind
from tests.world import number_for

SURNAMES, GIVEN = "张王李赵陈林黄周吴徐孙马朱胡郭何高罗", "伟芳娜敏静丽强磊军洋勇艳杰涛明超霞平刚桂"
STATES = ("submitted", "confirmed", "registered", "registered", "registered", "registered", "defence_requested", "awarded", "rejected", "withdrawn")
CHUNK = 500
UNITS = 200


def fill(world, size):
    """`size` persons with one case each, over two hundred units of the nation; a fifth of them with the world's first unit."""
    rng = random.Random(2013)
    units = [world.unit.id, *[unit.id for unit in Institution.select(Institution.id).where(Institution.id != world.unit.id).order_by(Institution.id).limit(UNITS)]]
    own = world.programme
    programmes = {world.unit.id: own.id}
    values = {name: own.__data__[name] for name in own.__data__ if name not in ("id", "institution")}
    for unit in units[1:]:
        programmes[unit] = Programme.get_or_create(institution=unit, discipline=own.discipline_id, year=own.year,
                                                   defaults={k: v for k, v in values.items() if k not in ("discipline", "year")})[0].id
    for start in range(0, size, CHUNK):
        with writing():
            people, cases = [], []
            for n in range(start, min(start + CHUNK, size)):
                number = number_for(n % 1000, born=f"{1965 + n // 1000 % 35}{1 + n // 35_000 % 12:02d}{1 + n // 420_000 % 28:02d}")
                people.append({"name": rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN), "document_type": "01", "document_number": number,
                               "document_index": blind(number), "sex": "12"[n % 2], "phone": f"139{n:08d}", "phone_index": blind(f"139{n:08d}"), "email": f"b{n}@example.cn"})
            first = 1 + (Person.select(Person.id).order_by(Person.id.desc()).limit(1).scalar() or 0)
            Person.insert_many(people).execute()
            for place, _ in enumerate(people):
                n = start + place
                unit = units[0] if n % 5 == 0 else rng.choice(units)
                day = dt.date(2020, 1, 1) + dt.timedelta(days=rng.randrange(2200))
                state = rng.choice(STATES)
                entered = state in ("registered", "defence_requested", "awarded")
                cases.append({"number": f"B{n:09d}", "person": first + place, "programme": programmes[unit], "institution": unit, "discipline": own.discipline_id,
                              "year": day.year, "state": state, "submitted_at": dt.datetime.combine(day, dt.time(10)), "degree_date": day.replace(year=day.year - 5, day=1),
                              "registered_on": day if entered else None, "register_number": f"R{n:09d}" if entered else None,
                              "deadline": day + dt.timedelta(days=1826) if entered else None, "year_limit": 5 if entered else None, "min_credits": 30 if entered else None})
            Application.insert_many(cases).execute()
    db.execute_sql("ANALYZE")
