"""What people hand in is shown to a virus scanner before it is kept, where the settings name one: clamd, over a socket (INSTREAM)."""
import logging
import socket
from contextlib import closing

from models.workflow import Reason, Refused

log = logging.getLogger(__name__)
PIECE = 1 << 16
PATIENCE = 20           # seconds that the scanner may take to take a piece and to answer
_address = ""


def configure(settings):
    """Say where the scanner listens."""
    global _address
    _address = settings.clamd


def refuse_infected(data):
    """Refused where the scanner finds something in the bytes, or cannot be asked: nothing is kept unseen."""
    if not _address:
        return
    try:
        answer = _asked(data)
    except OSError as error:
        log.warning("the virus scanner does not answer: %s", error)
        answer = ""
    if answer.endswith("FOUND"):
        log.warning("refused an upload: %s", answer)
        raise Refused([Reason(f"文件没有保存：病毒检查发现 {answer.removeprefix('stream: ').removesuffix(' FOUND')}。请在自己的电脑上查杀后重新制作文件")])
    if not answer.endswith("OK"):
        raise Refused([Reason("文件没有保存：要求先通过病毒检查，现在检查不了。请稍后再试，仍不行时告诉系统管理员")])


def _asked(data):
    """What the scanner says, as 'stream: OK' or 'stream: NAME FOUND'."""
    with closing(_connected()) as scanner:
        scanner.settimeout(PATIENCE)
        scanner.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), PIECE):
            piece = data[start:start + PIECE]
            scanner.sendall(len(piece).to_bytes(4) + piece)
        scanner.sendall(bytes(4))
        said = b""
        while part := scanner.recv(4096):
            said += part
        return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected():
    if _address.startswith("/"):
        scanner = socket.socket(socket.AF_UNIX)
        scanner.settimeout(PATIENCE)
        scanner.connect(_address)
        return scanner
    host, _, port = _address.rpartition(":")
    return socket.create_connection((host, int(port)), PATIENCE)
