# SPDX-License-Identifier: Apache-2.0
"""Files and names that no school means to send (RELIABILITY T12). `DOCUMENTS` are no PDF, PNG or JPEG and are refused;
`tables()` are no list, workbook or OneRoster archive, or one that would harm whoever unpacks it; `DISGUISED` are a whole
document and something else in one, and are handed out as that document alone; `NAMES` lead elsewhere, or are no names."""
import io
import struct
import zipfile
import zlib

PNG_MARK = b"\x89PNG\r\n\x1a\n"


def chunk(name, body=b""):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width=1, height=1, data=True, tail=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return PNG_MARK + head + (chunk(b"IDAT", zlib.compress(b"\0\0")) if data else b"") + chunk(b"IEND") + tail


def pdf(body=b"", end=b"\nstartxref\n9\n%%EOF\n"):
    return b"%PDF-1.7\n" + body + end


def jpeg(comment=b"", tail=b""):
    def segment(mark, body):
        return b"\xff" + bytes([mark]) + struct.pack(">H", len(body) + 2) + body

    return (b"\xff\xd8" + (segment(0xfe, comment) if comment else b"") + segment(0xc0, b"\x08\0\x01\0\x01\x01\x01\x11\0") +
            segment(0xda, b"\x01\x01\0\0\x3f\0") + b"\0\0" + b"\xff\xd9" + tail)


def packed(entries, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, body in entries:
            z.writestr(name, body)
    return out.getvalue()


SCRIPT = b"<script>alert(document.cookie)</script>"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'
LAUGHS = (b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' +
          b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)) + b"]><l>&j;</l>")

DOCUMENTS = {
    "nothing": b"",
    "one byte": b"%",
    "zeros": b"\0" * 4096,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "svg behind a byte order mark": b"\xef\xbb\xbf<svg onload=alert(1)>",
    "html": b"<!doctype html>" + SCRIPT,
    "html in UTF-16": "<script>alert(1)</script>".encode("utf-16"),
    "html behind spaces": b" \r\n\t" * 40 + SCRIPT,
    "xml with an entity": ENTITY,
    "xml of many laughs": LAUGHS,
    "php": b"<?php system($_GET['c']);",
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "java": b"\xca\xfe\xba\xbe\0\0\x004",
    "windows program": b"MZ\x90\0" + b"\0" * 60 + b"PE\0\0",
    "linux program": b"\x7fELF\x02\x01\x01",
    "shortcut": b"L\0\0\0\x01\x14\x02\0",
    "office of old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500,
    "word with macros": packed([("[Content_Types].xml", ENTITY), ("word/vbaProject.bin", b"\xcc")]),
    "zip": packed([("a.txt", b"a")]),
    "gzip": b"\x1f\x8b\x08\0\0\0\0\0",
    "rar": b"Rar!\x1a\x07\x01\0",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "gif": b"GIF89a\x01\0\x01\0\0\0\0;",
    "bmp": b"BM" + b"\0" * 60,
    "tiff": b"II*\0\x08\0\0\0",
    "webp": b"RIFF\x1a\0\0\0WEBPVP8L",
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0",
    "mp4": b"\0\0\0\x18ftypmp42\0\0\0\0",
    "rtf with an object": rb"{\rtf1{\object\objupdate}}",
    "postscript": b"%!PS-Adobe-3.0\n(/etc/passwd) (r) file\n",
    "mail": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + SCRIPT,
    "json": b'{"__proto__":{"admin":true}}',
    "pdf cut off": b"%PDF-1.7\n1 0 obj",
    "pdf behind something": b"GIF89a\n" + pdf(),
    "pdf behind html": SCRIPT + pdf(),
    "pdf of no version": b"%PDF-x.y" + pdf()[8:],
    "pdf of version 9": b"%PDF-9.9" + pdf()[8:],
    "pdf whose end is far away": pdf(end=b"\nstartxref\n9\n%%EOF\n" + b"\0" * 2000),
    "pdf in small letters": b"%pdf-1.7" + pdf()[8:],
    "png cut off": png()[:-6],
    "png of a mark alone": PNG_MARK,
    "png without data": png(data=False),
    "png of no width": png(width=0),
    "png with more behind it": png(tail=SCRIPT),
    "png with a piece of 4 GB": PNG_MARK + b"\xff\xff\xff\xffIHDR",
    "png whose first piece is another": PNG_MARK + chunk(b"tEXt", SCRIPT) + png()[8:],
    "jpeg of a mark alone": b"\xff\xd8",
    "jpeg cut off": jpeg()[:-2],
    "jpeg without a picture": b"\xff\xd8\xff\xd9",
    "jpeg with a segment of no length": b"\xff\xd8\xff\xe0\0\0" + jpeg()[2:],
}

DISGUISED = {
    "pdf with a script of its own": (pdf(b"1 0 obj <</OpenAction <</S /JavaScript /JS (app.alert\\(1\\))>>>>\n"), "application/pdf"),
    "pdf that is html": (pdf(SCRIPT), "application/pdf"),
    "pdf that is a zip": (pdf(packed([("../../x", b"x")])), "application/pdf"),
    "png that would unpack to 4 GB": (png(65535, 65535), "image/png"),
    "jpeg that is html": (jpeg(SCRIPT), "image/jpeg"),
    "jpeg that is a zip": (jpeg(tail=packed([("x", b"x")])), "image/jpeg"),
}


def tables():
    """Made when they are wanted: one of them takes a moment."""
    users = b"sourcedId,status\nx,active\n"
    return {
        "nothing": b"",
        "zeros": b"\0" * 4096,
        "html": b"<!doctype html>" + SCRIPT,
        "program": b"\x7fELF\x02\x01\x01\0",
        "archive of a file above": packed([("../../etc/cron.d/x", b"* * * * * root id\n")]),
        "archive of a file at the root": packed([("/etc/passwd", b"root::0:0")]),
        "archive of a file with a backslash": packed([("..\\..\\x.csv", users)]),
        "archive within an archive": packed([("a.zip", packed([("users.csv", users)]))]),
        "archive cut off": packed([("users.csv", users)])[:-8],
        "archive of thousands of files": packed([(f"f{i}.csv", b"a\n") for i in range(3000)], zipfile.ZIP_STORED),
        "archive that unpacks to 500 MB": packed([("users.csv", b"a" * (500 << 20)), ("manifest.csv", b"x")]),
        "book with an entity": packed([("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", ENTITY), ("xl/worksheets/sheet1.xml", ENTITY)]),
        "book of many laughs": packed([("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", LAUGHS), ("xl/worksheets/sheet1.xml", LAUGHS)]),
        "book without a sheet": packed([("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")]),
    }


NAMES = ["../../etc/passwd", "..\\..\\windows\\win.ini", "a\0.pdf", "x.svg", "x.html", "x.pdf.exe", "con", "%2e%2e%2f", "x" * 300,
         "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1/", "award/../../x", ".htaccess", "\u202efdp.exe", "award;rm -rf"]
