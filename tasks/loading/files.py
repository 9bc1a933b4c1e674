"""Loading: the CSV files, line by line. UTF-8, a header, ISO dates, empty = none, no commas or quotes inside values; the nth line has id n."""
import hashlib
from itertools import islice

COLUMNS = {
    "province": "id,code,name",
    "institution": "id,province_id,code,name",
    "discipline": "id,code,name",
    "programme": "id,institution_id,discipline_id,year,min_credits,year_limit",
    "applicant": "id,real_name,id_number,sex,birth_date,phone,email",
    "application": "id,applicant_id,programme_id,institution_id,status,submitted_at,enrolled_on,registered_no",
    "course": "id,programme_id,code,name,credits",
    "course_result": "id,application_id,course_id,score,passed_on",
    "exam_result": "id,application_id,kind,score,session",
    "defence_application": "id,application_id,status,submitted_on,decided_on",
    "award": "id,application_id,certificate_no,awarded_on,defence_date,votes_for,votes_against,votes_abstain"}


class Faulty(Exception):
    """A line that cannot be loaded; says which, what is required and what is there."""

    def __init__(self, name, number, sentence):
        super().__init__(f"{name}.csv 第 {number:,} 行：{sentence}")


class Folder:
    """The files of one load."""

    def __init__(self, path):
        """Faulty when a file is not there."""
        self.path = path
        missing = [name for name in COLUMNS if not self._file(name).is_file()]
        if missing:
            raise Faulty(missing[0], 1, f"没有这个文件（{path}）")
        sizes = [(name, self._file(name).stat().st_size) for name in COLUMNS]
        self.key = hashlib.sha256(repr(sizes).encode()).hexdigest()[:12]     # the same files go on where a load of them ended

    def _file(self, name):
        return self.path / f"{name}.csv"

    def count(self, name):
        """The number of lines below the header."""
        with open(self._file(name), "rb") as file:
            return sum(1 for _ in file) - 1

    def lines(self, name, after=0):
        """[texts] of each line, but for the first `after`."""
        wanted = COLUMNS[name].count(",") + 1
        with open(self._file(name), encoding="utf-8", newline="") as file:
            head = file.readline().strip()
            if head != COLUMNS[name]:
                raise Faulty(name, 0, f"标题行要求 {COLUMNS[name]}，实际 {head[:80]}")
            for number, line in enumerate(islice(file, after, None), after + 1):
                texts = line.rstrip("\r\n").split(",")
                if len(texts) != wanted or texts[0] != str(number):
                    raise Faulty(name, number, f"要求 {wanted} 列、编号 {number}，实际 {len(texts)} 列、编号 {texts[0][:20]}")
                yield texts
