"""axe in a page of Chromium: what it finds serious or critical against WCAG 2.2 A and AA, as sentences."""
from functools import cache

import config

SOURCE = config.ROOT / ".venv/axe/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async only => (await axe.run(document, { resultTypes: ["violations"], runOnly: only })).violations
    .filter(found => ["serious", "critical"].includes(found.impact))
    .flatMap(found => found.nodes.map(node => `${found.id}: ${node.target.join(" ")}: ${node.html.slice(0, 160)}: ${(node.any[0] || node.all[0] || node.none[0])?.message || found.help}`))"""


@cache
def _source():
    assert SOURCE.is_file(), "axe-core is missing: `make test` installs it (deploy/prepare)"
    return SOURCE.read_text("utf-8")


def findings(page):
    """[sentence] about the page as it stands, in light and in dark; in dark only the contrast can differ."""
    page.evaluate(_source())
    found = []
    for theme, only in (("light", {"type": "tag", "values": TAGS}), ("dark", {"type": "rule", "values": ["color-contrast"]})):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found += [f"{theme}: {text}" for text in page.evaluate(RUN, only)]
    return found
