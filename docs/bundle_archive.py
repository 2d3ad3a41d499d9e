"""Reads the archive of an evidence bundle (step 1 of evidence-format.md); all files are held in memory."""
import hashlib, io, re, stat, struct, tarfile, zipfile, zlib

PATH = r"(?!.*(^|/)\.{0,2}(/|$))[^\\\x00-\x1f\x7f-\x9f\ud800-\udfff]+"
# Code and path: the answer if a check fails, or if what it looks at cannot be read.
WRONG = ["archive_corrupt", ""]
EXITS = {"archive_unsafe": 4, "unknown_key": 3, "key_revoked": 3}  # all others: 1


def check(holds, *wrong):
    WRONG[:] = wrong or WRONG
    if not holds:
        raise ValueError


def read_archive(name):
    """The files by path."""
    with open(name, "rb") as file:
        data = file.read()
    files, members = {}, untar if data[:2] == b"\x1f\x8b" else unzip
    for path, plain, content in members(data, min(64 << 30, max(64 << 20, 200 * len(data)))):
        safe = re.fullmatch(PATH, path.removesuffix("/")) and len(files) < 250_000
        check(plain and safe, "archive_unsafe", path)
        check(path not in files and not (path.endswith("/") and content), "archive_ambiguous", path)
        if not path.endswith("/"):  # a folder says nothing
            files[path] = content
        check(True, "archive_corrupt", "")
    return files


def unzip(data, limit):
    """Path, whether it is a file or a folder, bytes. Files lie side by side, and both their headers agree."""
    archive, at = zipfile.ZipFile(io.BytesIO(data)), 0
    files = sorted(archive.infolist(), key=lambda f: f.header_offset)
    end = len(data) - 2 - len(archive.comment)
    check(data[end - 20:end - 16] == b"PK\5\6", "archive_ambiguous", "")
    check_own_digest(data[:end], archive.comment)
    check(sum(f.file_size for f in files) <= limit, "archive_unsafe", "")
    for f, after in zip(files, [f.header_offset for f in files[1:]] + [archive.start_dir]):
        flags, method, *told, name, extra = struct.unpack("<6x2H4x3I2H", data[at:at + 30])
        behind = after - at - 30 - name - extra - f.compress_size  # a descriptor, if it was streamed
        sizes, streamed = [f.CRC, f.compress_size, f.file_size], flags & 8
        same = told == sizes or streamed and told == [0, 0, 0]
        same = same and (flags, method) == (f.flag_bits, f.compress_type)
        tight = f.header_offset == at and behind in ((12, 16, 20, 24) if streamed else (0,))
        check(same and tight, "archive_ambiguous", f.orig_filename)
        kind, at = stat.S_IFMT(f.external_attr >> 16), after
        check(kind in (0, stat.S_IFREG, stat.S_IFDIR), "archive_unsafe", f.orig_filename)
        check(True, "archive_corrupt", f.orig_filename)
        yield f.orig_filename, True, archive.read(f)


def untar(data, limit):
    gzip = zlib.decompressobj(31)
    plain, behind = gzip.decompress(data, limit), gzip.unused_data
    check(not gzip.unconsumed_tail, "archive_unsafe", "")
    check(gzip.eof, "archive_corrupt", "")
    if behind:  # nothing but an empty second member, for its comment
        check(re.fullmatch(rb"(?s)\x1f\x8b\x08\x10.{77}\x00\x03\x00{9}", behind), "archive_ambiguous", "")
        check_own_digest(data[:-92], behind[10:81])
    archive = tarfile.open(fileobj=io.BytesIO(plain))
    for f in archive:
        content = archive.extractfile(f).read() if f.isfile() else b""
        yield f.name + "/" * f.isdir(), f.isfile() or f.isdir(), content
    check(len(plain) - archive.offset >= 512, "archive_corrupt", "")
    check(not plain[archive.offset:].strip(b"\0"), "archive_ambiguous", "")


def check_own_digest(data, comment):
    check(re.fullmatch(b"(sha256:[0-9a-f]{64})?", comment), "archive_ambiguous", "")
    check(comment in (b"", b"sha256:" + hashlib.sha256(data).hexdigest().encode()), "archive_corrupt", "")
