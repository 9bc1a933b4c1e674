"""Stages 3 and 6: prints read and compared by NBIS: mindtct finds the minutiae, NFIQ 2 judges the capture, bozorth3 scores how alike two are."""
import io
from dataclasses import dataclass
from functools import cache
from threading import Lock

from models.photos import decoded, opened
from models.workflow import Reason, Refused

PPI, SMALLEST, LARGEST = 500, 120, 1200        # pixels to the inch; pixels of one side of a capture
ISO_HEAD = b"FMR\0"                            # how a template after ISO/IEC 19794-2:2005 begins
_turn = Lock()                                 # bozorth3 works in tables that the process has once


@dataclass(frozen=True)
class Print:
    """What was read from one capture: the template (ISO/IEC 19794-2:2005), its NFIQ 2 quality from 0 to 100, how many minutiae."""
    template: bytes
    quality: int
    minutiae: int


@cache
def _extractor(judging):
    import nbis
    return nbis.new_nbis_extractor(nbis.NbisExtractorSettings(min_quality=0.0, get_center=False, check_fingerprint=False, compute_nfiq2=judging, ppi=float(PPI)))


def read(data, judging=True):
    """The Print of a capture. Without `judging` the quality is not asked for, which takes a fifth of the time. Refused when it is no picture of
    a fitting size; a picture without a print in it is a Print of no quality."""
    from nbis import NbisError
    picture = decoded(opened(data, "指纹图像"), "指纹图像")
    if not all(SMALLEST <= side <= LARGEST for side in picture.size):
        raise Refused([Reason("指纹图像的尺寸不对", f"每边 {SMALLEST} 到 {LARGEST} 像素（{PPI} 像素每英寸）", f"{picture.width} × {picture.height} 像素")])
    plain = io.BytesIO()
    picture.convert("L").save(plain, "PNG")
    with _turn:
        try:
            found = _extractor(judging).extract_minutiae(plain.getvalue())
        except NbisError:
            return Print(b"", 0, 0)
        number = len(found.get())
        return Print(found.to_iso_19794_2_2005(), round(found.quality().score) if judging else 0, number) if number else Print(b"", 0, 0)


def score(one, other):
    """How alike two templates are: 0 for nothing in common; what counts as the same finger is a parameter. 0 for an empty template."""
    if not (one and other):
        return 0
    with _turn:
        load = _extractor(False).load_iso_19794_2_2005
        return load(one).compare(load(other))
