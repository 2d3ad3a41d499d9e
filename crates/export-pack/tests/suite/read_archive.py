"""Lists an archive as JSON, read by Python's own modules: read_archive.py zip|tar.gz FILE

Reads everything, so that every checksum is checked; an archive that is cut or damaged ends with an error.
"""
import gzip
import hashlib
import json
import sys
import tarfile
import zipfile


def of_zip(path):
    with zipfile.ZipFile(path) as archive:
        for it in archive.infolist():
            with archive.open(it) as file:
                digest, size = digest_of(file)
            yield it.filename, size, digest, {
                "time": list(it.date_time), "mode": "%o" % (it.external_attr >> 16), "system": it.create_system,
                "comment": it.comment.decode(), "fields": extra_fields(it.extra)}


def extra_fields(extra):
    """The ids of an entry's extra fields: times and owners would stand there."""
    ids = []
    while len(extra) >= 4:
        ids.append(int.from_bytes(extra[:2], "little"))
        extra = extra[4 + int.from_bytes(extra[2:4], "little"):]
    return ids


def of_tar(path):
    with gzip.open(path) as stream:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for it in archive:
                digest, size = digest_of(archive.extractfile(it))
                yield it.name, size, digest, {
                    "time": it.mtime, "mode": "%o" % it.mode, "owner": [it.uid, it.gid, it.uname, it.gname],
                    "kind": it.type.decode(), "pax": sorted(it.pax_headers)}
        whole(stream)
    with gzip.open(path) as stream:  # tarfile takes an archive without its end; POSIX does not
        tail = b""
        while piece := stream.read(1 << 20):
            tail = (tail + piece)[-1024:]
        if tail != bytes(1024):
            sys.exit("the archive has no end")


def whole(stream):
    while stream.read(1 << 20):
        pass


def digest_of(file):
    digest, size = hashlib.sha256(), 0
    while piece := file.read(1 << 20):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


entries = {"zip": of_zip, "tar.gz": of_tar}[sys.argv[1]](sys.argv[2])
json.dump([{"path": p, "size": s, "sha256": d, "about": a} for p, s, d, a in entries], sys.stdout)
