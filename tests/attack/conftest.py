"""Tools with environments of their own (deploy/prepare attack) run in the long form alone."""
from tests.attack import LONG

collect_ignore = [] if LONG else ["test_random.py", "test_crawler.py"]
