"""Files are what they say, photos lose what they tell, names harm nobody."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.base import ContentFile

from tansiq.core.photos import stripped
from tansiq.core.uploads import BadFileError, clean_file


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


PIXEL = zlib.compress(b"\0\xff\xff\xff")
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + chunk(b"tEXt", b"GPS\0here")
    + chunk(b"eXIf", b"II*\0secret")
    + chunk(b"IDAT", PIXEL)
    + chunk(b"IEND", b"")
)


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(turned=6):
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, turned, 0)
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + b"GPS secret"
    scan = segment(0xDA, b"\1\1\0\0?\0") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + segment(0xE1, exif)
        + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0secret")
        + segment(0xED, b"Photoshop 3.0\0secret")
        + segment(0xFE, b"secret")
        + segment(0xE2, b"ICC_PROFILE\0\1\1profile")
        + segment(0xDB, b"\0" * 65)
        + scan
        + b"\xff\xd9"
        + b"secret behind the end"
    )


def webp():
    parts = [b"VP8X" + struct.pack("<I", 10) + bytes([0b1100]) + b"\0" * 9]
    parts += [b"VP8L" + struct.pack("<I", 3) + b"abc\0"]
    parts += [
        b"EXIF" + struct.pack("<I", 6) + b"secret",
        b"XMP " + struct.pack("<I", 6) + b"secret",
    ]
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def package(*names, mimetype=None):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return kept.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")
ODT = package("content.xml", mimetype="application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7 ..."),
        ("a.png", PNG),
        ("a.JPEG", jpeg()),
        ("a.webp", webp()),
        ("a.docx", DOCX),
        ("a.xlsx", package("[Content_Types].xml", "xl/workbook.xml")),
        ("a.odt", ODT),
        ("a.csv", "أ,ب\n1,2\n".encode()),
        ("a.txt", b"plain words"),
    ],
)
def test_files_of_our_kinds_are_taken(name, content):
    assert clean_file(ContentFile(content, name)).content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.svg", b"<svg/>"),
        ("a.html", b"<html>"),
        ("a.pdf", b"<html><script>"),
        ("a.png", jpeg()),
        ("a.jpg", b"\xff\xd8\xffshort"),
        ("a.png", PNG[:40]),
        ("a.webp", webp()[:20]),
        ("a.docx", ODT),
        ("a.docx", b"PK\x03\x04 no archive"),
        ("a.docx", package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("a.odt", package("content.xml")),
        ("a.odt", package("Basic/x.xml", mimetype="application/vnd.oasis.opendocument.text")),
        ("a.txt", b"\x00\x01"),
        ("a.csv", b"\xff\xfe a"),
        ("a.txt", b"  <!DOCTYPE html><script>"),
        ("a.pdf", b""),
        ("", b"words"),
        ("noending", b"words"),
    ],
)
def test_what_is_something_else_gets_a_sentence(name, content):
    with pytest.raises(BadFileError, match=r"\.$"):
        clean_file(ContentFile(content, name))


def test_file_over_the_limit_is_told_its_size(settings):
    settings.UPLOAD_LIMIT = 1024 * 1024
    with pytest.raises(BadFileError, match=r"1\.5 MB; the limit is 1 MB"):
        clean_file(ContentFile(b"%PDF-" + b"0" * int(1.5 * 1024 * 1024), "a.pdf"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\list.txt", "list.txt"),
        ("report\u202efdp.txt", "reportfdp.txt"),
        ('a\nb\x00".txt', "ab.txt"),
        ("<script>.txt", "script.txt"),
        (".txt", None),
        ("...txt", "file.txt"),
        ("قائمة.TXT", "قائمة.txt"),
        ("x" * 300 + ".txt", "x" * 150 + ".txt"),
    ],
)
def test_hostile_names_become_harmless(given, kept):
    file = ContentFile(b"words")
    file.name = given
    if kept is None:
        with pytest.raises(BadFileError):
            clean_file(file)
    else:
        assert clean_file(file).name == kept


@pytest.mark.parametrize(("kind", "photo"), [("png", PNG), ("jpg", jpeg()), ("webp", webp())])
def test_photos_lose_what_they_tell(kind, photo):
    bare = stripped(photo, kind)

    assert b"secret" not in bare
    assert b"GPS" not in bare
    assert stripped(bare, kind) == bare


def test_photo_keeps_its_picture_profile_and_the_way_it_is_turned():
    bare = stripped(jpeg(turned=6), "jpg")

    assert b"ICC_PROFILE" in bare
    assert b"\x12\xff\x00\x34\xff\xd0\x56\xff\xd9" in bare
    assert struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) in bare
    assert b"Exif" not in stripped(jpeg(turned=1), "jpg")
    assert PIXEL in stripped(PNG, "png")
    assert webp()[20] == 0b1100
    assert stripped(webp(), "webp")[20] == 0
