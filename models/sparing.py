"""Large libraries that others read in wherever they are installed, and that the program itself reads in when it needs them: a process starts sooner and
is smaller without."""
import sys
from contextlib import contextmanager


@contextmanager
def without(*names):
    """Inside the block libraries seem not to be installed, unless they were read in before."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
