"""What is handed in is kept only once the scanner has seen it; the scanner is a small server of the test that speaks the protocol of clamd."""
import socketserver
import threading
from dataclasses import replace

import pytest

from models import viruses
from models.files import File
from models.workflow import Refused
from tasks.imports.bringing import bring
from tasks.imports.catalogue import IMPORTS
from tests import servers

INFECTED = b"%PDF-1.4 a mark that the scanner of the test takes for a virus"


class Scanner(socketserver.StreamRequestHandler):
    """Answers one INSTREAM; `seen` holds what it was shown."""
    seen = []

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while length := int.from_bytes(self.rfile.read(4)):
            data += self.rfile.read(length)
        Scanner.seen.append(data)
        self.wfile.write(b"stream: Test.Virus FOUND\0" if b"virus" in data else b"INSTREAM size limit exceeded. ERROR\0" if b"too large" in data else b"stream: OK\0")


@pytest.fixture(params=[socketserver.TCPServer, socketserver.UnixStreamServer], ids=["port", "socket"])
def scanner(request, settings, database, tmp_path):
    Scanner.seen.clear()
    with request.param(("127.0.0.1", 0) if request.param is socketserver.TCPServer else str(tmp_path / "clamd"), Scanner) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = server.server_address
        viruses.configure(replace(settings, clamd=address if isinstance(address, str) else f"127.0.0.1:{address[1]}"))
        yield
        viruses.configure(settings)
        server.shutdown()


def keep(data, kind="document"):
    return File.keep(data, "a.pdf", kind, "application/pdf")


def test_an_infected_file_is_refused_by_name_and_a_clean_one_is_kept(scanner):
    with pytest.raises(Refused, match="病毒检查发现 Test.Virus"):
        keep(INFECTED)
    assert not File.select().exists()
    clean = b"clean" * 40_000           # more than one piece of the protocol
    assert keep(clean).read() == clean and Scanner.seen == [INFECTED, clean]


def test_what_the_scanner_does_not_judge_is_not_kept(scanner):
    with pytest.raises(Refused, match="现在检查不了"):
        keep(b"too large")
    assert not File.select().exists()


def test_a_workbook_that_is_imported_is_shown_and_what_the_program_makes_is_not(scanner, world):
    with pytest.raises(Refused, match="病毒检查发现"):
        bring(IMPORTS["course_result"], world.clerk, "a.csv", INFECTED)
    seen = len(Scanner.seen)
    assert keep(INFECTED, "result").read() == INFECTED and len(Scanner.seen) == seen


def test_with_the_scanner_away_nothing_is_kept(settings, database):
    viruses.configure(replace(settings, clamd=f"127.0.0.1:{servers.free_port()}"))
    with pytest.raises(Refused, match="现在检查不了"):
        keep(b"clean")
    viruses.configure(settings)
    assert keep(b"clean").read() == b"clean"
