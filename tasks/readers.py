"""Stages 3 and 6: where a capture of a finger comes from. A reader of another make is one more class with the same two words."""
import secrets

from models.workflow import Reason, Refused


class ImageFile:
    """Whatever leaves its capture as a picture, which the page sends."""
    label = "指纹图像文件"

    def capture(self, sent, case_id, finger):
        """Bytes of the picture of one finger (1 or 2) of a case; Refused when nothing was sent."""
        data = sent.read() if sent is not None else b""
        if not data:
            raise Refused([Reason("没有收到指纹图像，请重新采集")])
        return data


class Simulated:
    """The reader of the demo: a new capture, each time another one, of the finger that belongs to the case."""
    label = "模拟采集：本人"
    stranger = 0

    def capture(self, sent, case_id, finger):
        from tasks.demo import fingers
        return fingers.capture(fingers.seed_of(case_id + self.stranger, finger), secrets.randbelow(2**31))


class Stranger(Simulated):
    """The same with the finger of somebody else."""
    label = "模拟采集：别人"
    stranger = 1_000_000


def readers(demo):
    """{name: reader} of those at hand; the simulated ones in the demo only."""
    return {"file": ImageFile()} | ({"simulated": Simulated(), "stranger": Stranger()} if demo else {})
