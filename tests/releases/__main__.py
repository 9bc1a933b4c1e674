"""Keep the demo of this folder as that of a release."""
import sys

import config
from tests.releases import keep

keep(config.ROOT / "instance" / "demo" / "tongli.db", sys.argv[1])
