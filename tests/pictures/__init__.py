"""The demo world in a real Chromium: pictures of its named pages (`make screenshots`), findings of axe on all of them (`make access`), and what
they weigh and how long they take (`make weigh`). Not part of the suite; its short forms are in tests/browser."""
