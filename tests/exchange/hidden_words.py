"""Words that nobody can guess, who may read each of them, and where they turn up."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass, field

_SIGNS = "bcdfghjlmnprstvw"
_WORD = re.compile(r"zq[bcdfghjlmnprstvw]{4}kx", re.IGNORECASE)


@dataclass
class Secrets:
    """Each field of the world gets a word of its own; `readers` says who may ever see it."""

    readers: dict = field(default_factory=dict)
    where: dict = field(default_factory=dict)
    # Words of what no mail, message or other road outside may carry, whoever gets it.
    inside: set = field(default_factory=set)

    def hide(self, where, readers, *, stays_inside=False):
        """Return a new word that stands in this field and is for these readers."""
        number = len(self.readers) * 40503 % 16**4
        word = "zq" + "".join(_SIGNS[number >> shift & 15] for shift in (0, 4, 8, 12)) + "kx"
        self.readers[word] = frozenset(readers)
        self.where[word] = where
        if stays_inside:
            self.inside.add(word)
        return word

    def wrong_for(self, reader, found):
        """Return which of these words this reader should not have found, and where they stand."""
        return {self.where[one] for one in found if reader not in self.readers[one]}


def words_in(text):
    return {one.lower() for one in _WORD.findall(text)}


def text_of(content):
    """Return what somebody reads in a file: of tables, papers and pages alike."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return " ".join(file.read(name).decode(errors="replace") for name in file.namelist())
    if content.startswith(b"%PDF"):
        command = [shutil.which("pdftotext"), "-", "-"]
        answer = subprocess.run(command, input=content, capture_output=True, check=True)  # noqa: S603 -- a fixed command
        return answer.stdout.decode()
    return content.decode(errors="replace")


def text_of_answer(answer):
    """Return all that an answer carries, its headers and the names of files among it."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.status_code} {dict(answer.items())} {text_of(content)}"
