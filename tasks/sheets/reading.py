"""The parent's side: starts the child on a file, hands its rows on in batches, and turns every way it can end into one sentence."""
import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import config
from models.workflow import Refused
from tasks.sheets.limits import MEMORY_BYTES, SECONDS

ENDINGS = {
    signal.SIGXCPU: f"读取这个文件花的时间太长：要求不超过 {SECONDS} 秒，已停止",
    signal.SIGKILL: f"读取这个文件花的时间或内存太多：要求不超过 {SECONDS} 秒、{MEMORY_BYTES // 2**20} MB，已停止",
}
AHEAD = 2**20        # bytes that the child may have read before they are wanted: it goes on while rows are written
TOO_BIG = f"这个文件展开后太大：读取要求不超过 {MEMORY_BYTES // 2**20} MB 内存，已停止"


class Sheet:
    """What the child says of the sheet that it reads: name, remarks, number of rows, merged areas; and its rows."""

    def __init__(self, process):
        self._process, self.peak = process, 0
        first = self._next()
        self.name, self.remarks, self.height, self.merged = first["sheet"], first["remarks"], first["height"], first["merged"]

    def batches(self):
        """Lists of [row number, texts], the empty rows left out."""
        while "rows" in (line := self._next()):
            if line["rows"]:
                yield line["rows"]
        self.peak = line["peak"]

    def _next(self):
        text = self._process.stdout.readline()
        line = json.loads(text) if text.endswith("\n") else None
        if line is None:
            raise Refused([_ending(self._process.wait())])
        if "refused" in line:
            raise Refused([line["refused"]])
        return line


def _ending(code):
    """The sentence for a child that ended before its time; what it wrote to its own error stream is of no use to a clerk."""
    return ENDINGS.get(-code, TOO_BIG)


@contextmanager
def reading(data, name):
    """The Sheet of a file, given as its bytes, that is called `name`. The child has it in memory alone, and ends with the block."""
    with open(os.memfd_create("sheet"), "wb") as memory:
        memory.write(data)
        memory.flush()
        path = f"/proc/self/fd/{memory.fileno()}"
        process = subprocess.Popen([sys.executable, "-m", "tasks.sheets.child", path, name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                                   pass_fds=(memory.fileno(),), cwd=config.ROOT, encoding="utf-8", pipesize=AHEAD, env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"})
    try:
        yield Sheet(process)
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
