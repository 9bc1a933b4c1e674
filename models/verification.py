"""Stage 9 for everybody: whether a certificate with this number and this name was issued here. Both have to fit; nothing else is told."""
import re
import unicodedata

from models.audit import Entry, Version
from models.awards import Award, Reissue
from models.identity import normal_name
from models.people import Person


def certificate(number, name):
    """The Award whose certificate has this number and shows this name - in force or taken back -, or None."""
    typed = normal_number(number)
    award = Award.get_or_none(Award.certificate_number == typed, Award.state != "proposed") if re.fullmatch(r"T?[0-9]{16}", typed) else None
    return award if award is not None and printed_name(award) == normal_name(name) else None


def normal_number(number):
    """A number as it was typed, in the one spelling: no blanks, plain digits, a capital T."""
    return "".join(unicodedata.normalize("NFKC", number or "").split()).upper()


def printed_name(award):
    """The name on the certificate that is out now: that of its last issue, else the one that the person had when the degree was granted.
    Who changed his name since and has no new certificate is found under the former name."""
    last = award.reissues.order_by(Reissue.copy.desc()).first()
    if last is not None:
        return last.name
    granted = Entry.select(Entry.id).where(Entry.entity == Award._meta.table_name, Entry.row_id == award.id, Entry.verb == Award.grant.name)
    since = (Version.select(Version.values).join(Entry).where(Entry.entity == Person._meta.table_name, Entry.row_id == award.person_id,
                                                             Entry.id > granted.order_by(Entry.id).limit(1)).order_by(Version.id).tuples())
    return next((values["name"][0] for values, in since if "name" in values), award.person.name)
