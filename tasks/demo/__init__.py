"""The demo world: 12 units, 40 programmes and 600 invented people in every state, made by the steps themselves on the days before today."""
import random
from dataclasses import dataclass, field

from models import auditdays, clock, figures
from models.base import writing
from models.people import User
from models.reference import Institution
from tasks.demo import accounts, amendments, awards, cases, changes, courses, degrees, door, exams, imports, notices, paying, programmes, reports, screens
from tasks.demo.cast import LARGE, Cast
from tasks.demo.faces import Pictures
from tasks.demo.timeline import Timeline

SEED = 2013
BEFORE = 6              # years of history


@dataclass
class World:
    """What the stories share."""
    rng: random.Random
    today: object
    timeline: Timeline
    pictures: Pictures
    staff: dict
    schools: list
    plans: dict
    sittings: dict
    terms: dict
    sites: dict = field(default_factory=dict)           # province code -> exam sites
    outcomes: dict = field(default_factory=dict)        # (case, session) -> what the person will come to
    turns: dict = field(default_factory=dict)           # what is told to every so many -> how many there were
    people: int = 0

    @property
    def exam(self):
        return self.staff["exam"]

    def turn(self, *what):
        """How many have come to this before, and this one: 1, 2, ..."""
        self.turns[what] = self.turns.get(what, 0) + 1
        return self.turns[what]

    def serial(self):
        self.people += 1
        return self.people


MISTYPED = "reviewer.10487@tongli.example"        # somebody who could not remember his password: work for the security desk


def build(password, hash_password):
    """Fill a migrated database that has reference data; every account gets the password. All of it is there, or nothing."""
    rng, today = random.Random(SEED), clock.today()
    with writing():
        with clock.at(clock.years_after(today, -BEFORE)):
            opened = programmes.opened(today)
            schools = list(Institution.select().order_by(Institution.code).limit(60))
            world = World(rng, today, Timeline(rng, today), Pictures(rng), accounts.staff(), schools,
                          {key: plan for key, (plan, *_) in opened.items()}, exams.sittings(today), reports.terms(today))
            exams.sites(world)
        _tell(world, opened)
        world.timeline.run()
        notices.deliver(today)
        User.update(password=hash_password(password)).execute()
        auditdays.seal()
        figures.draw_up()
        User.update(failed=3).where(User.email == MISTYPED).execute()


def _tell(world, opened):
    """Begin every story."""
    tell = world.timeline.tell
    for plan, *facts in opened.values():
        tell(programmes.publish(plan, *facts, world.staff[plan.unit, "clerk"]))
    for name, sitting in world.sittings.items():
        tell(exams.hold(world, sitting, name))
    tell(amendments.heads(world))
    for number in range(len(exams.TRIALS)):
        tell(exams.trial(world, number))
    tell(door.sit_today(world, world.sittings["today"]))
    tell(door.come_in(world, world.sittings["late"]))
    for name in world.terms:
        tell(reports.hold(world, name))
    cast = Cast(world.rng, world.today, world.plans, world.terms)
    lives = cast.lives()
    elders = cast.elders(lives)
    for life in lives:
        tell(cases.begin(world, life))
        for story, told in ((cases.study, life.courses or life.drafts), (exams.sit, life.exams), (degrees.graduate, life.due),
                            (cases.dismiss, life.dismissed)):
            if told:
                tell(story(world, life))
    tell(accounts.leave(world))
    tell(accounts.come_and_go(world))
    for code in LARGE:
        tell(changes.ask(world, code))
        tell(courses.ask(world, code))
        tell(amendments.ask(world, code))
    for story in (changes.cool_off, changes.merge, changes.hand_over, awards.rules, awards.object_to, reports.tokens, paying.statements):
        tell(story(world))
    tell(imports.bring_results(world, "10001"))
    tell(screens.adapt(world))
    tell(exams.prior_passes(world, world.today - cases.days(900), elders))
    tell(amendments.legacy(world, elders, LARGE))
    for row in notices.ANNOUNCEMENTS:
        tell(notices.announce(world, *row))
    for row in notices.RECHECKS:
        tell(notices.recheck(world, *row))
