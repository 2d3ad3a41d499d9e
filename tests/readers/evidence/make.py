"""Evidence bundles, good and bad, by a second implementation of docs/evidence-format.md (needs PyNaCl).

usage: make.py --seed S --good N --bad N OUT          seals bundles with keys of its own, and breaks some
       make.py --mutate DIR --seed S --bad N OUT      breaks bundles that somebody else sealed

OUT gets the bundles, `keys.jwks` (the trusted keys; not with --mutate, which needs those of DIR: DIR/keys.jwks) and
`expected.json`: {file: {"verdict", "code", "exit", "step", "path", "what"}}. Where there is a member `keys`, those of that file of OUT are
given instead of the others. A set of keys that is refused is the verdict and the code `usage`: the verifier says nothing of the bundle. `code` holds all codes that the format allows, with `|` between,
where damage to an archive can be told in more than one way. Verifiers that do not look at step 13 or 14 say `whole` there.
`"container": true` marks a fault of the archive that changes no file (it does not say its own digest, or says the right one), and limits:
verifiers that read archives with a library may say `whole` of those.
The same seed makes the same bundles.
"""

import argparse
import base64
import datetime
import gzip
import hashlib
import io
import json
import os
import random
import re
import struct
import sys
import tarfile
import zipfile
import zlib

from nacl.signing import SigningKey

MANIFEST, ATTESTATION, STAMP, CHECKPOINT = "manifest.json", "attestation.dsse.json", "timestamp.tsr", "checkpoint.txt"
UNLISTED = (MANIFEST, ATTESTATION, STAMP, CHECKPOINT)
PAYLOAD_TYPE = "application/vnd.in-toto+json"
ORDER = 2**252 + 27742317777372353535851937790883648493
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
KINDS = {
    "scan_result": ("scans/%s.json", "application/json"),
    "sbom": ("sbom.%s.cdx.json", "application/vnd.cyclonedx+json"),
    "policy_verdict": ("verdicts/%s.ndjson", "application/x-ndjson"),
    "vex_statement": ("vex/%s.openvex.json", "application/json"),
    "attestation": ("attestations/%s.dsse.json", "application/vnd.dsse.envelope.v1+json"),
    "audit_event": ("audit/%s.ndjson", "application/x-ndjson"),
    "report": ("report-%s.pdf", "application/pdf"),
}
NAMES = ["payments-api", "web", "a:b", "Überlauf", "整数", "a b", "emoji-🔐", "\uffee-late", "'quoted\"name", "deep/er/still", "x" * 120, "-rf", "..dots.."]


# What the format defines.


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def b64(data):
    return base64.b64encode(data).decode()


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def split_at(count):
    split = 1
    while 2 * split < count:
        split *= 2
    return split


def root_of(leaves, node=b"\x01"):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = split_at(len(leaves))
    return hashlib.sha256(node + root_of(leaves[:split], node) + root_of(leaves[split:], node)).digest()


def leaf(entry, prefix=b"\x00"):
    return hashlib.sha256(prefix + canonical(entry)).digest()


def pae(payload, kind=PAYLOAD_TYPE):
    return b"DSSEv1 %d %s %d %s" % (len(kind.encode()), kind.encode(), len(payload), payload)


class Key:
    def __init__(self, seed, status="active", revoked_at=None):
        self.signing = SigningKey(seed)
        self.public = bytes(self.signing.verify_key)
        self.status, self.revoked_at = status, revoked_at
        self.core = {"crv": "Ed25519", "kty": "OKP", "x": b64url(self.public)}
        self.id = b64url(hashlib.sha256(canonical(self.core)).digest())

    def sign(self, message):
        return self.signing.sign(message).signature

    def jwk(self):
        told = {**self.core, "kid": self.id, "use": "sig", "alg": "EdDSA", "status": self.status, "created_at": "2026-01-01T00:00:00Z"}
        if self.status == "retired":
            told["retired_at"] = "2026-09-01T00:00:00Z"
        if self.revoked_at:
            told["revoked_at"] = self.revoked_at
        return told


def passed_over(rng):
    """Keys of a JWKS that seal nothing: of other kinds, or for something else."""
    other = b64url(rng.randbytes(32))
    return [
        {"kty": "RSA", "n": b64url(rng.randbytes(256)), "e": "AQAB", "kid": "rsa", "use": "sig", "alg": "RS256"},
        {"kty": "EC", "crv": "P-256", "x": other, "y": b64url(rng.randbytes(32)), "kid": "ec"},
        {"kty": "OKP", "crv": "X25519", "x": other, "kid": "rsa", "use": "enc"},
        {**Key(rng.randbytes(32)).jwk(), "use": "enc"},
    ]


def identifier(rng, prefix):
    number = rng.getrandbits(128) & ~(0xF << 76) | 7 << 76
    return prefix + "".join(DIGITS[number >> 5 * place & 31] for place in reversed(range(26)))


def moment(rng):
    time = datetime.datetime(2026, 1, 1) + datetime.timedelta(seconds=rng.randrange(300 * 86400))
    return time.strftime("%Y-%m-%dT%H:%M:%S") + rng.choice(["Z", "Z", ".%03dZ" % rng.randrange(1000)])


def contents(rng):
    size = rng.choice([0, 1, 31, 32, 511, 512, 513, rng.randrange(5000), rng.randrange(100_000)])
    return rng.choice([rng.randbytes, lambda size: (b'{"finding":"CVE-2026-%d"},' % rng.randrange(99999) * (size // 10 + 1))[:size]])(size)


class Bundle:
    """What is sealed. Each part can be changed before it is made into bytes, which is how bundles are sealed wrongly."""

    def __init__(self, rng, key, most=40):
        self.rng, self.key, self.files, self.entries = rng, key, {}, []
        for number in range(rng.randint(1, most)):
            kind = rng.choice(list(KINDS))
            pattern, media_type = KINDS[kind]
            about = "%s-%d" % (rng.choice(NAMES), number)
            self.add(pattern % about, contents(rng), kind, media_type, about if rng.random() < 0.5 else None)
        if rng.random() < 0.8:
            self.add("README.txt", b"How to verify this: see verify.html.\n", "report", "text/plain; charset=utf-8")
            self.add("public-key.jwk.json", canonical({**key.core, "kid": key.id}), "report", "application/jwk+json")
        self.tenant = rng.choice(["acme", "default", "globex-1"])
        self.predicate = {
            "bundle_id": identifier(rng, "bnd-"),
            "created_at": moment(rng),
            "export_id": identifier(rng, "exp-"),
            "generator": {"name": "make.py", "version": "1.0.0"},
            "sealed_at": moment(rng),
            "snapshot": {"sha256": sha256(rng.randbytes(8)), "taken_at": moment(rng)},
            "tenant": self.tenant,
        }
        if rng.random() < 0.5:
            self.predicate["template"] = {"name": "compliance-detailed", "sha256": sha256(rng.randbytes(8))}
        self.checkpoint = rng.random() < 0.3

    def add(self, path, data, kind, media_type, about=None):
        self.files[path] = data
        entry = {"media_type": media_type, "path": path, "sha256": sha256(data), "size": len(data), "type": kind}
        if about:
            entry["id"] = about
        self.entries.append(entry)

    def seal(self, manifest=None, statement=None, envelope=None, raw_manifest=None, raw_statement=None, raw_envelope=None):
        """All files. The functions change a part before it is encoded or once it is bytes; what is made of it later agrees with the change."""
        entries = sorted(self.entries, key=lambda entry: entry["path"].encode())
        tree = {"alg": "rfc6962-sha256", "root": root_of([leaf(entry) for entry in entries]).hex(), "size": len(entries)}
        told = {"bundle_id": self.predicate["bundle_id"], "entries": entries, "format": "evidence-bundle/v1", "merkle": tree}
        if manifest:
            told = manifest(told) or told
        manifest_bytes = canonical(told)
        if raw_manifest:
            manifest_bytes = raw_manifest(manifest_bytes)
        # Each name once, so that a fault of the manifest is not one of the statement as well.
        digests = {entry["path"]: entry["sha256"].lower() for entry in told["entries"]}
        digests[MANIFEST] = sha256(manifest_bytes)
        names = sorted(digests, key=lambda name: name.encode())
        subjects = [{"digest": {"sha256": digests[name]}, "name": name} for name in names]
        stated = {
            "_type": "https://in-toto.io/Statement/v1",
            "predicate": {**self.predicate, "manifest_sha256": sha256(manifest_bytes), "merkle": dict(told["merkle"])},
            "predicateType": "https://export-center.example/attestations/evidence-bundle/v1",
            "subject": subjects,
        }
        if statement:
            stated = statement(stated) or stated
        payload = canonical(stated)
        if raw_statement:
            payload = raw_statement(payload)
        signature = self.key.sign(pae(payload))
        sealed = {"payload": b64(payload), "payloadType": PAYLOAD_TYPE, "signatures": [{"keyid": self.key.id, "sig": b64(signature)}]}
        if envelope:
            sealed = envelope(sealed) or sealed
        sealed = canonical(sealed)
        if raw_envelope:
            sealed = raw_envelope(sealed)
        files = {**self.files, MANIFEST: manifest_bytes, ATTESTATION: sealed}
        if self.checkpoint:
            files[CHECKPOINT] = note(self.key, self.tenant, self.rng.randrange(1, 10**6), self.rng.randbytes(32))
        return files


def signature_line(key, name, text):
    hint = hashlib.sha256(name.encode() + b"\n\x01" + key.public).digest()[:4]
    return ("\u2014 %s %s\n" % (name, b64(hint + key.sign(text.encode())))).encode()


def note(key, tenant, size, root):
    name = "export-center/log/" + tenant
    text = "%s\n%d\n%s\n" % (name, size, b64(root))
    return text.encode() + b"\n" + signature_line(key, name, text)


# Archives: two formats, several ways to write each.


def zip_member(path, data, style, mode=0o100644, local=None):
    """(what stands before the directory, the entry of the directory without its offset); `local` changes the first one's header."""
    name, packed, method = path.encode(), data, 0
    if style != "stored" and not path.endswith("/"):
        squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed, method = squeeze.compress(data) + squeeze.flush(), 8
    flags = (0 if path.isascii() else 0x800) | (8 if style == "streamed" else 0)
    told = struct.pack("<3I", zlib.crc32(data), len(packed), len(data))
    fields = struct.pack("<4H", flags, method, 0, 0x21)
    header = b"PK\3\4" + struct.pack("<H", 20) + fields + (bytes(12) if flags & 8 else told) + struct.pack("<2H", len(name), 0) + name
    if local:
        header = local(header)
    behind = b"PK\7\x08" + told if flags & 8 else b""
    entry = b"PK\1\2" + struct.pack("<2H", 0x314, 20) + fields + told + struct.pack("<5HI", len(name), 0, 0, 0, 0, mode << 16)
    return header + packed + behind, entry, name


def zip_of(members, comment="right", between=b"", style=None):
    out, directory = b"", []
    for path, data, *rest in members:
        part, entry, name = zip_member(path, data, style, *rest)
        directory.append(entry + struct.pack("<I", len(out)) + name)
        out += part + between
    start = len(out)
    out += b"".join(directory) + b"PK\5\6" + struct.pack("<4H2I", 0, 0, len(directory), len(directory), len(b"".join(directory)), start)
    if comment == "right":
        comment = "sha256:" + sha256(out)
    elif comment == "wrong":
        comment = "sha256:" + sha256(out + b"x")
    return out + struct.pack("<H", len(comment)) + comment.encode()


def tar_header(path, size, kind=b"0", link=""):
    name, prefix = path.encode(), b""
    if len(name) > 100:
        cut = name[:156].rfind(b"/")
        name, prefix = name[cut + 1 :], name[:cut]
    fields = [(name, 100), (b"0000644\0", 8), (b"0000000\0", 8), (b"0000000\0", 8), (b"%011o\0" % size, 12), (b"%011o\0" % 0, 12)]
    fields += [(b" " * 8, 8), (kind, 1), (link.encode()[:100], 100), (b"ustar\x0000", 8), (b"", 32), (b"", 32), (b"", 8), (b"", 8), (prefix, 155)]
    header = b"".join(value.ljust(length, b"\0") for value, length in fields).ljust(512, b"\0")
    return header[:148] + b"%06o\0 " % sum(header) + header[156:]


def padded(data):
    return data + bytes(-len(data) % 512)


def tar_member(path, data, kind=b"0", link=""):
    fits = path.isascii() and (len(path) <= 100 or (len(path) <= 250 and 0 < path.rfind("/", 0, 156) and len(path) - path.rfind("/", 0, 156) <= 101))
    if fits:
        return tar_header(path, len(data), kind, link) + padded(data)
    return pax_header("path", path) + tar_header("long-name", len(data), kind, link) + padded(data)


def pax_header(key, value):
    """What stands before a file's header, for what does not fit in there."""
    rest = b" " + key.encode() + b"=" + value.encode() + b"\n"
    length = len(rest)
    while length != len(rest) + len(str(length)):
        length = len(rest) + len(str(length))
    record = b"%d" % length + rest
    return tar_header("pax", len(record), b"x") + padded(record)


def gzip_of(data):
    return gzip.compress(data, 6, mtime=0)


def trailer(first, comment="right", extra=b""):
    if comment == "":
        return b""
    text = "sha256:" + sha256(first if comment == "right" else first + b"x") if comment in ("right", "wrong") else comment
    empty = bytes.fromhex("0300") + bytes(8) if not extra else zlib.compress(extra)[2:-4] + struct.pack("<2I", zlib.crc32(extra), len(extra))
    return bytes.fromhex("1f8b08100000000000ff") + text.encode() + b"\0" + empty


def tar_gz_of(members, comment="right", behind=b"", extra=b"", before=b""):
    first = gzip_of(before + b"".join(tar_member(*member) for member in members) + bytes(1024) + behind)
    return first + trailer(first, comment, extra)


def pack(rng, files, form=None):
    """(bytes, suffix): the files in one of the ways in which somebody may pack them."""
    members = list(files.items())
    if rng.random() < 0.5:
        rng.shuffle(members)
    form = form or rng.choice(["zip", "tar.gz"])
    way = rng.randrange(6)
    # A folder without files is said to be there by whoever packs a folder; its files are what counts.
    empty = ["left/empty"] if rng.random() < 0.5 else []
    if form == "zip" and way == 0:  # by Python's library, with folders
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for folder in sorted({path[: path.rindex("/")] for path, _ in members if "/" in path}) + empty:
                archive.writestr(zipfile.ZipInfo(folder + "/"), b"")
            for path, data in members:
                archive.writestr(zipfile.ZipInfo(path), data, zipfile.ZIP_DEFLATED)
        return out.getvalue(), form
    if form == "tar.gz" and way in (0, 5):  # and as `tar -C folder .` does it
        out, before = io.BytesIO(), "./" if way == 5 else ""
        with tarfile.open(fileobj=out, mode="w", format=rng.choice([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])) as archive:
            folders = sorted({path[: path.rindex("/")] for path, _ in members if "/" in path}) + empty
            for folder in ["./"] * (way == 5) + [before + folder for folder in folders]:
                info = tarfile.TarInfo(folder)
                info.type = tarfile.DIRTYPE
                archive.addfile(info)
            for path, data in members:
                info = tarfile.TarInfo(before + path)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        return gzip_of(out.getvalue()), form
    comment = "" if way == 1 else "right"
    if form == "zip":
        return zip_of(members, comment, style=["streamed", "stored", "plain"][rng.randrange(3)]), form
    return tar_gz_of(members, comment), form


# Ways to break a bundle. Each gives (archive, suffix, code, path) or (files, code, path); `None` where it does not apply.


def once(data, old, new):
    assert data.count(old) >= 1, old
    return data.replace(old, new, 1)


def space_in(data):
    return once(data, b":", b": ")


def other_order(data):
    value = json.loads(data)
    return json.dumps(dict(reversed(list(value.items()))), separators=(",", ":"), ensure_ascii=False).encode()


def unknown_member(data):
    return canonical({**json.loads(data), "zzz": 1})


def double_member(data):
    name = next(iter(json.loads(data)))
    return b'{"%s":%s,' % (name.encode(), canonical(json.loads(data)[name])) + data[1:]


def line_feed(data):
    return data + b"\n"


def escaped(data):
    return once(data, b'"p', b'"\\u0070')


def mark(data):
    return b"\xef\xbb\xbf" + data


SPELLINGS = [space_in, other_order, unknown_member, double_member, line_feed, escaped, mark]


def listed(files):
    return [entry["path"] for entry in json.loads(files[MANIFEST])["entries"]]


def unused_bits(text):
    """The same base64 with bits set that encode nothing."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    stem = text.rstrip("=")
    assert stem != text, "no padding, no unused bits"
    return stem[:-1] + alphabet[alphabet.index(stem[-1]) + 1] + text[len(stem) :]


def edited(files, change):
    """The files with another envelope, canonical again."""
    envelope = json.loads(files[ATTESTATION])
    envelope = change(envelope) or envelope
    return {**files, ATTESTATION: canonical(envelope)}


def set_sig(change):
    def edit(envelope):
        envelope["signatures"][0]["sig"] = change(envelope["signatures"][0]["sig"])

    return edit


def flip(data, rng):
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def resealed(rng, files, key):
    """The same files, all of whose digests are right, sealed by another key that is in the bundle."""
    statement = json.loads(base64.b64decode(json.loads(files[ATTESTATION])["payload"]))
    bundle = Bundle(rng, key, 1)
    manifest = json.loads(files[MANIFEST])
    bundle.files = {path: data for path, data in files.items() if path not in UNLISTED}
    bundle.entries = manifest["entries"]
    bundle.checkpoint = False
    bundle.predicate = {name: value for name, value in statement["predicate"].items() if name not in ("manifest_sha256", "merkle")}
    if "public-key.jwk.json" in bundle.files:
        bundle.entries = [entry for entry in bundle.entries if entry["path"] != "public-key.jwk.json"]
    bundle.add("public-key.jwk.json", canonical({**key.core, "kid": key.id}), "report", "application/jwk+json")
    return bundle.seal()


def breaks_of_files(rng, files, other, keys):
    """name -> function that gives (files, code, path), for whoever has no trusted key."""
    paths = listed(files)
    full = [path for path in paths if files[path]]
    one = rng.choice(paths)
    found = {}

    def add(name, function):
        found[name] = function

    for spelling in SPELLINGS:
        add("envelope-" + spelling.__name__, lambda spelling=spelling: ({**files, ATTESTATION: spelling(files[ATTESTATION])}, "envelope_not_canonical", ATTESTATION))
        add("manifest-" + spelling.__name__, lambda spelling=spelling: ({**files, MANIFEST: spelling(files[MANIFEST])}, "digest_mismatch", MANIFEST))

        def statement(spelling=spelling):
            def edit(envelope):
                envelope["payload"] = b64(spelling(base64.b64decode(envelope["payload"])))

            return edited(files, edit), "signature", ATTESTATION

        add("statement-" + spelling.__name__, statement)
    edits = {
        "sig-unused-bits": set_sig(unused_bits),
        "sig-no-padding": set_sig(lambda sig: sig.rstrip("=")),
        "sig-url-alphabet": set_sig(lambda sig: "-_" + sig[2:]),
        "sig-line-feed": set_sig(lambda sig: sig[:40] + "\n" + sig[40:]),
        "no-signature": lambda envelope: {**envelope, "signatures": []},
        "two-signatures": lambda envelope: {**envelope, "signatures": envelope["signatures"] * 2},
        "payload-type": lambda envelope: {**envelope, "payloadType": "application/json"},
        "payload-is-null": lambda envelope: {**envelope, "payload": None},
        "signature-unknown-member": lambda envelope: {**envelope, "signatures": [{**envelope["signatures"][0], "cert": "x"}]},
    }
    for name, edit in edits.items():
        add("envelope-" + name, lambda edit=edit: (edited(files, edit), "envelope_not_canonical", ATTESTATION))

    def padded_payload():
        envelope = json.loads(files[ATTESTATION])
        if not envelope["payload"].endswith("="):
            return None
        envelope["payload"] = unused_bits(envelope["payload"])
        return {**files, ATTESTATION: canonical(envelope)}, "envelope_not_canonical", ATTESTATION

    add("envelope-payload-unused-bits", padded_payload)

    def signature(change):
        return lambda: (edited(files, set_sig(lambda sig: b64(change(base64.b64decode(sig))))), "signature", ATTESTATION)

    add("signature-plus-order", signature(lambda sig: sig[:32] + (int.from_bytes(sig[32:], "little") + ORDER).to_bytes(32, "little")))
    add("signature-zero", signature(lambda sig: bytes(64)))
    add("signature-small-order-point", signature(lambda sig: b"\1" + bytes(31) + sig[32:]))
    add("signature-non-canonical-point", signature(lambda sig: b"\xee" + b"\xff" * 30 + b"\x7f" + sig[32:]))
    add("signature-bit", signature(lambda sig: flip(sig, rng)))
    add("signature-short", signature(lambda sig: sig[:63]))
    others = others_of(files, keys)
    if others:

        def other_id(envelope):
            envelope["signatures"][0]["keyid"] = rng.choice(others)

        add("keyid-of-another", lambda: (edited(files, other_id), "signature", ATTESTATION))

    def unknown_id(envelope):
        envelope["signatures"][0]["keyid"] = b64url(rng.randbytes(32))

    add("keyid-unknown", lambda: (edited(files, unknown_id), "unknown_key", ATTESTATION))
    add("resealed-by-stranger", lambda: (resealed(rng, files, Key(rng.randbytes(32))), "unknown_key", ATTESTATION))

    def statement_bit(envelope):
        payload = base64.b64decode(envelope["payload"])
        envelope["payload"] = b64(flip(payload, rng))

    add("statement-bit", lambda: (edited(files, statement_bit), "signature", ATTESTATION))
    if other and sha256(other[MANIFEST]) != sha256(files[MANIFEST]):
        add("attestation-of-another", lambda: ({**files, ATTESTATION: other[ATTESTATION]}, "digest_mismatch", MANIFEST))
        add("manifest-of-another", lambda: ({**files, MANIFEST: other[MANIFEST]}, "digest_mismatch", MANIFEST))

    # Files.
    add("file-added", lambda: ({**files, "scans/zz-added.json": b"{}"}, "extra_file", "scans/zz-added.json"))
    add("file-removed", lambda: ({path: data for path, data in files.items() if path != one}, "missing_file", one))
    add("file-renamed", lambda: ({path + ".new" if path == one else path: data for path, data in files.items()}, "missing_file", one))
    for path in (MANIFEST, ATTESTATION):
        add("removed-" + path, lambda path=path: ({name: data for name, data in files.items() if name != path}, "missing_file", path))
    if full:
        broken = rng.choice(full)
        add("file-bit", lambda: ({**files, broken: flip(files[broken], rng)}, "digest_mismatch", broken))
        add("file-truncated", lambda: ({**files, broken: files[broken][:-1]}, "digest_mismatch", broken))
        add("file-emptied", lambda: ({**files, broken: b""}, "digest_mismatch", broken))
    add("file-longer", lambda: ({**files, one: files[one] + b"\0"}, "digest_mismatch", one))
    pairs = [(a, b) for a in paths for b in full if a < b and files[a] != files[b]]
    if pairs:
        a, b = rng.choice(pairs)
        add("files-swapped", lambda: ({**files, a: files[b], b: files[a]}, "digest_mismatch", a))

    def recomputed(keep_predicate):
        """A file replaced, with manifest and root (and statement) made anew; the signature is the old one."""
        manifest, envelope = json.loads(files[MANIFEST]), json.loads(files[ATTESTATION])
        data = files[one] + b"!"
        for entry in manifest["entries"]:
            if entry["path"] == one:
                entry.update(sha256=sha256(data), size=len(data))
        manifest["merkle"]["root"] = root_of([leaf(entry) for entry in manifest["entries"]]).hex()
        changed = {**files, one: data, MANIFEST: canonical(manifest)}
        if keep_predicate:
            return changed, "digest_mismatch", MANIFEST
        statement = json.loads(base64.b64decode(envelope["payload"]))
        statement["predicate"].update(manifest_sha256=sha256(changed[MANIFEST]), merkle=manifest["merkle"])
        for subject in statement["subject"]:
            subject["digest"]["sha256"] = sha256(changed[subject["name"]])
        envelope["payload"] = b64(canonical(statement))
        return {**changed, ATTESTATION: canonical(envelope)}, "signature", ATTESTATION

    add("replaced-manifest-recomputed", lambda: recomputed(True))
    add("replaced-all-recomputed", lambda: recomputed(False))

    def halved():
        """Inner nodes shown as leaves: half the size, the same root."""
        manifest = json.loads(files[MANIFEST])
        if len(manifest["entries"]) < 2:
            return None
        manifest["entries"] = manifest["entries"][::2]
        manifest["merkle"]["size"] = len(manifest["entries"])
        return {**files, MANIFEST: canonical(manifest)}, "digest_mismatch", MANIFEST

    add("nodes-as-leaves", halved)

    def last_twice():
        manifest = json.loads(files[MANIFEST])
        manifest["entries"].append(manifest["entries"][-1])
        manifest["merkle"]["size"] += 1
        return {**files, MANIFEST: canonical(manifest)}, "digest_mismatch", MANIFEST

    add("last-leaf-twice", last_twice)
    if CHECKPOINT in files:
        text = files[CHECKPOINT].decode()
        name, size, root, *_ = text.split("\n")
        add("checkpoint-size", lambda: ({**files, CHECKPOINT: text.replace("\n%s\n" % size, "\n%d\n" % (int(size) + 1), 1).encode()}, "checkpoint_invalid", CHECKPOINT))
        add("checkpoint-unsigned", lambda: ({**files, CHECKPOINT: text.split("\n\n")[0].encode() + b"\n"}, "checkpoint_invalid", CHECKPOINT))
        tenant, signed = name.rsplit("/", 1)[1], text.split("\n\n")[0] + "\n"
        add("checkpoint-signed-twice", lambda: ({**files, CHECKPOINT: (text + text.split("\n\n")[1]).encode()}, "checkpoint_invalid", CHECKPOINT))
        second = signature_line(Key(rng.randbytes(32)), name, signed)
        add("checkpoint-signed-by-stranger-too", lambda: ({**files, CHECKPOINT: text.encode() + second}, "checkpoint_invalid", CHECKPOINT))
        stranger = note(Key(rng.randbytes(32)), tenant, int(size), base64.b64decode(root))
        add("checkpoint-of-stranger", lambda: ({**files, CHECKPOINT: stranger}, "checkpoint_invalid", CHECKPOINT))
    add("timestamp-of-something-else", lambda: ({**files, STAMP: bytes.fromhex("30820100") + rng.randbytes(256)}, "timestamp_invalid", STAMP))
    return found


def breaks_of_archive(rng, files):
    """name -> function that gives (archive, suffix, code, path), and True if only the container tells it."""
    members = list(files.items())
    one, found = rng.choice(listed(files)), {}
    damaged = "archive_corrupt|archive_ambiguous"
    # An archive that says its own digest is changed behind its back, and one that says none may be seen by strict readers only.
    said = {"zip": zip_of(members)[-71:].decode(), "tar": tar_gz_of(members)[-82:-11].decode()}

    def both(name, code, path, extra, **how):
        found["zip-" + name] = lambda: (zip_of(extra("zip"), **how.get("zip", {})), "zip", code, path)
        found["tar-" + name] = lambda: (tar_gz_of(extra("tar"), **how.get("tar", {})), "tar.gz", code, path)

    both("entry-twice", "archive_ambiguous", one, lambda _: [*members, (one, b"another")])
    both("entry-twice-equal", "archive_ambiguous", one, lambda _: [*members, (one, files[one])])
    for bad in ("../outside.txt", "scans/../../outside.txt", "/absolute.txt", "scans/./dot.txt", "scans//empty.txt", "back\\slash.txt", "control\x07.txt", "c:drive.txt", "C:/other-drive.txt"):
        both("path-%s" % re.sub(r"[^a-z]+", "-", bad), "archive_unsafe", bad, lambda _, bad=bad: [(bad, b"x"), *members])
    # One `./` is what `tar -C folder .` writes.
    both("path-dot-twice", "archive_unsafe", None, lambda _: [("././twice.txt", b"x"), *members])
    found["zip-path-dot"] = lambda: (zip_of([("./dot.txt", b"x"), *members]), "zip", "archive_unsafe", None)
    found["tar-path-dot-other"] = lambda: (tar_gz_of([*members, ("./" + one, files[one])]), "tar.gz", "archive_ambiguous", one)
    folder = {"zip": ("folder/", b"", 0o040755), "tar": ("folder/", b"", b"5")}
    both("folder-twice", "archive_ambiguous", None, lambda kind: [*members, folder[kind], folder[kind]])
    blocked = {"zip": (one + "/", b"", 0o040755), "tar": (one + "/", b"", b"5")}
    both("folder-with-the-path-of-a-file", "archive_ambiguous", None, lambda kind: [*members, blocked[kind]])
    long = {"zip": ("x" * 4097 + "/", b"", 0o040755), "tar": ("x" * 4097 + "/", b"", b"5")}
    both("path-too-long", "archive_unsafe", None, lambda kind: [*members, long[kind]])
    for kind in ("zip", "tar"):
        for name in ("path-too-long", "folder-twice", "folder-with-the-path-of-a-file"):
            found[kind + "-" + name] = lambda make=found[kind + "-" + name]: (*make(), True)
    # Readers that believe another size than others see other files behind this one (CVE-2025-62518).
    hidden = tar_member("hidden.json", b"{}")
    sized = {"equal": (2, b"{}"), "larger": (len(hidden) + 512, b"{}"), "none": (0, hidden)}
    for name, (size, data) in sized.items():
        before = pax_header("size", str(size)) + tar_member("scans/zz-sized.json", data)
        found["tar-pax-size-" + name] = lambda before=before: (tar_gz_of([("hidden.json", b"{}"), *members], before=before), "tar.gz", "archive_ambiguous", None)
    for path, most in (("timestamp.tsr", 64), ("checkpoint.txt", 16)):
        large = [(name, data) for name, data in members if name != path] + [(path, bytes((most << 10) + 1))]
        found["zip-large-" + path] = lambda large=large, path=path: (zip_of(large), "zip", "archive_unsafe", path, True)
        found["tar-large-" + path] = lambda large=large, path=path: (tar_gz_of(large), "tar.gz", "archive_unsafe", path, True)
    links = {"zip": ("link.json", b"/etc/passwd", 0o120777), "tar": ("link.json", b"", b"2", "/etc/passwd")}
    both("symlink", "archive_unsafe", "link.json", lambda kind: [*members, links[kind]])
    found["tar-hard-link"] = lambda: (tar_gz_of([*members, ("link.json", b"", b"1", one)]), "tar.gz", "archive_unsafe", "link.json")
    found["tar-device"] = lambda: (tar_gz_of([*members, ("device", b"", b"3")]), "tar.gz", "archive_unsafe", "device")
    found["zip-device"] = lambda: (zip_of([*members, ("device", b"", 0o060644)]), "zip", "archive_unsafe", "device")
    both("wrong-own-digest", "archive_corrupt", None, lambda _: members, zip={"comment": "wrong"}, tar={"comment": "wrong"})
    both("other-comment", "archive_ambiguous", None, lambda _: members, zip={"comment": "hello"}, tar={"comment": "x" * 71})
    if sum(len(data) for _, data in members) < 250_000:  # of a larger one, a bomb would have to be larger than memory is cheap
        both("bomb", "archive_unsafe", None, lambda _: [*members, ("scans/zeros.json", bytes(65 << 20))])
    for comment in ("right", ""):
        mark = "" if comment else "-unmarked"
        archives = {"zip": lambda comment=comment: zip_of(members, comment), "tar.gz": lambda comment=comment: tar_gz_of(members, comment)}
        for suffix, archive in archives.items():
            name = suffix[:3] + mark

            def put(kind, change, code, suffix=suffix, archive=archive, name=name):
                found[name + "-" + kind] = lambda: (change(archive()), suffix, code, None)

            put("appended", lambda data: data + b"appended", damaged)
            put("appended-zeros", lambda data: data + bytes(1024), damaged)
            put("prepended", lambda data: b"#!/bin/sh\n" + data, damaged)
            put("truncated", lambda data: data[: len(data) * 2 // 3], damaged)
            put("last-byte-gone", lambda data: data[:-1], damaged)
            if comment:
                put("bit", lambda data: flip(data, rng), damaged + "|archive_unsafe")
    local = lambda change: [*members[:-1], (*members[-1], 0o100644, change)]
    last = members[-1][0]
    containers = {
        "zip-gap": lambda comment: (zip_of(members, comment, between=b"hidden"), "zip", damaged, None),
        "zip-other-local-size": lambda comment: (zip_of(local(lambda header: header[:22] + b"\1\2\3\0" + header[26:]), comment), "zip", damaged, last),
        "zip-other-local-crc": lambda comment: (zip_of(local(lambda header: header[:14] + b"\1\2\3\4" + header[18:]), comment), "zip", damaged, last),
        "tar-behind-the-end": lambda comment: (tar_gz_of(members, comment, behind=tar_member("hidden.json", b"{}")), "tar.gz", damaged, None),
    }
    for name, change in containers.items():
        found[name] = lambda name=name, change=change: change(said[name[:3]])
        found[name + "-unmarked"] = lambda change=change: (*change(""), True)
    found["zip-other-local-name"] = lambda: (zip_of(local(lambda header: header[:-1] + b"X")), "zip", damaged, last)
    found["tar-second-member"] = lambda: (tar_gz_of(members, extra=b"hidden data"), "tar.gz", damaged, None)
    found["tar-second-archive"] = lambda: (tar_gz_of(members, "") + tar_gz_of(members, ""), "tar.gz", "archive_ambiguous", None)
    found["not-an-archive"] = lambda: (rng.randbytes(3000), rng.choice(["zip", "tar.gz"]), damaged, None)
    return found


def wrongly_sealed(rng, keys, revoked):
    """name -> function that gives (files, code, path): what only the owner of a trusted key can do, or a fault of ours."""
    found = {}

    def bundle(odd=False):
        made = Bundle(rng, rng.choice(keys))
        while odd and len(made.entries) % 2 == 0 or len(made.entries) < 3:
            made = Bundle(rng, rng.choice(keys))
        return made

    def add(name, code, path, odd=False, **parts):
        found["sealed-" + name] = lambda: (bundle(odd).seal(**parts), code, path)

    for spelling in SPELLINGS:
        add("manifest-" + spelling.__name__, "manifest_invalid", MANIFEST, raw_manifest=spelling)
        add("statement-" + spelling.__name__, "statement_invalid", ATTESTATION, raw_statement=spelling)

    def rooted(manifest):
        manifest["merkle"].update(root=root_of([leaf(entry) for entry in manifest["entries"]]).hex(), size=len(manifest["entries"]))
        return manifest

    def entry(change):
        def edit(manifest):
            change(rng.choice(manifest["entries"]))
            return rooted(manifest)

        return edit

    manifests = {
        "no-entries": lambda manifest: rooted({**manifest, "entries": []}),
        "unsorted": lambda manifest: rooted({**manifest, "entries": manifest["entries"][::-1]}),
        "entry-twice": lambda manifest: rooted({**manifest, "entries": [*manifest["entries"], manifest["entries"][-1]]}),
        "other-bundle": lambda manifest: {**manifest, "bundle_id": identifier(rng, "bnd-")},
        "other-format": lambda manifest: {**manifest, "format": "evidence-bundle/v2"},
        "unknown-type": entry(lambda one: one.update(type="invoice")),
        "unknown-member": entry(lambda one: one.update(mode=420)),
        "missing-member": entry(lambda one: one.pop("media_type")),
        "path-leads-out": entry(lambda one: one.update(path="../" + one["path"])),
        "size-is-text": entry(lambda one: one.update(size=str(one["size"]))),
        "size-below-zero": entry(lambda one: one.update(size=-1)),
        "size-is-a-fraction": entry(lambda one: one.update(size=one["size"] + 0.5)),
        "capital-digest": entry(lambda one: one.update(sha256=one["sha256"].upper())),
        "manifest-as-entry": entry(lambda one: one.update(path=MANIFEST)),
    }
    for name, change in manifests.items():
        add(name, "manifest_invalid", MANIFEST, manifest=change)

    def tree(change, alone=False):
        """In the manifest, or only in the statement."""

        def edit(told):
            merkle = told["predicate"]["merkle"] if alone else told["merkle"]
            entries = None if alone else told["entries"]
            change(merkle, entries)

        return {"statement" if alone else "manifest": edit}

    trees = {
        "wrong-root": lambda merkle, _: merkle.update(root=sha256(rng.randbytes(8))),
        "wrong-size": lambda merkle, _: merkle.update(size=merkle["size"] + 1),
    }
    for name, change in trees.items():
        add(name, "root_mismatch", MANIFEST, **tree(change))
        add(name + "-in-statement", "root_mismatch", MANIFEST, **tree(change, True))
    bitcoin = lambda entries: root_of([leaf(entry) for entry in [*entries, entries[-1]]]).hex()
    add("tree-of-last-leaf-twice", "root_mismatch", MANIFEST, odd=True, **tree(lambda merkle, entries: merkle.update(root=bitcoin(entries))))
    naive = lambda entries: root_of([leaf(entry, b"") for entry in entries], b"").hex()
    add("tree-without-prefixes", "root_mismatch", MANIFEST, **tree(lambda merkle, entries: merkle.update(root=naive(entries))))
    add("tree-of-half", "root_mismatch", MANIFEST, **tree(lambda merkle, _: merkle.update(size=merkle["size"] // 2)))

    def predicate(**values):
        return lambda statement: statement["predicate"].update(values)

    statements = {
        "unknown-claim": predicate(zzz="x"),
        "missing-claim": lambda statement: statement["predicate"].pop("snapshot") and None,
        "bad-time": predicate(sealed_at="2026-11-23 14:05"),
        "bad-export-id": predicate(export_id="exp-1"),
        "other-predicate": lambda statement: statement.update(predicateType="https://slsa.dev/provenance/v1"),
        "other-statement": lambda statement: statement.update(_type="https://in-toto.io/Statement/v0.1"),
        "subjects-unsorted": lambda statement: statement["subject"].reverse(),
        "subject-twice": lambda statement: statement["subject"].append(statement["subject"][-1]),
        "subject-with-two-digests": lambda statement: statement["subject"][0]["digest"].update(sha512="00"),
        "file-without-subject": lambda statement: statement.update(subject=[s for i, s in enumerate(statement["subject"]) if s["name"] == MANIFEST or i % 2]),
        "manifest-without-subject": lambda statement: statement.update(subject=[s for s in statement["subject"] if s["name"] != MANIFEST]),
        "subject-without-file": lambda statement: statement["subject"].append({"digest": {"sha256": "0" * 64}, "name": "\U0010ffff"}),
    }
    for name, change in statements.items():
        add(name, "statement_invalid", ATTESTATION, statement=lambda statement, change=change: change(statement) and None)
    add("other-manifest-digest", "digest_mismatch", MANIFEST, statement=lambda statement: predicate(manifest_sha256="0" * 64)(statement))

    def other_subject(statement):
        for subject in statement["subject"]:
            if subject["name"] != MANIFEST:
                subject["digest"]["sha256"] = "0" * 64
                return

    add("other-subject-digest", "statement_invalid", ATTESTATION, statement=other_subject)

    def other_manifest_subject(statement):
        for subject in statement["subject"]:
            if subject["name"] == MANIFEST:
                subject["digest"]["sha256"] = "0" * 64

    add("other-manifest-subject", "digest_mismatch", MANIFEST, statement=other_manifest_subject)
    add("manifest-path-with-drive", "manifest_invalid", MANIFEST, manifest=entry(lambda one: one.update(path="c:" + one["path"])))
    def large_key():
        made = bundle()
        name = "public-key.jwk.json"
        made.entries = [one for one in made.entries if one["path"] != name]
        made.add(name, canonical({**made.key.core, "kid": made.key.id, "note": "x" * (16 << 10)}), "report", "application/jwk+json")
        return made.seal(), "archive_unsafe", name, True

    found["sealed-large-public-key"] = large_key
    # By its status, by when it was revoked, or both.
    for number, key in enumerate(revoked):
        found["sealed-by-revoked-key-%d" % number] = lambda key=key: (Bundle(rng, key).seal(), "key_revoked", ATTESTATION)

    def checkpoint(change):
        def make():
            made = bundle()
            other = rng.choice([key for key in keys if key is not made.key])
            made.checkpoint = False
            return {**made.seal(), CHECKPOINT: change(made, other)}, "checkpoint_invalid", CHECKPOINT

        return make

    def signed_twice(made, other):
        told = note(made.key, made.tenant, 7, bytes(32))
        text = told.decode().split("\n\n")[0] + "\n"
        return told + signature_line(other, "export-center/log/" + made.tenant, text)

    found["sealed-checkpoint-of-other-key"] = checkpoint(lambda made, other: note(other, made.tenant, 7, bytes(32)))
    found["sealed-checkpoint-of-other-tenant"] = checkpoint(lambda made, other: note(made.key, made.tenant + "-2", 7, bytes(32)))
    found["sealed-checkpoint-signed-twice"] = checkpoint(signed_twice)
    return found


def refused_keys(keys):
    """name -> a set of keys that is refused as a whole, with a key that has sealed something at its beginning."""
    usable = [key for key in keys if key.get("crv") == "Ed25519" and key.get("use", "sig") == "sig"]
    first, second = [*usable, Key(bytes(32), "active").jwk()][:2]  # a ring of one key: a stranger's beside it
    return {
        "keys-twice": [first, second, first],
        "keys-twice-once-revoked": [first, {**first, "status": "revoked", "revoked_at": "2026-09-01T00:00:00Z"}],
        "keys-twice-by-x": [first, {name: value for name, value in first.items() if name != "kid"}],
        "keys-twice-by-kid": [first, {**second, "kid": first["kid"]}],
        "keys-kid-is-no-thumbprint": [first, {**second, "kid": second["kid"][::-1]}],
    }


def revoking_keys(files, keys):
    """name -> the keys, of which the one that has sealed these files was revoked since."""
    keyid = json.loads(files[ATTESTATION])["signatures"][0]["keyid"]
    said = {"keys-revoked-by-status-alone": {"status": "revoked"}, "keys-revoked-by-time-alone": {"revoked_at": "2026-09-01T00:00:00Z"}}
    return {name: [{**key, **(change if key.get("kid") == keyid else {})} for key in keys] for name, change in said.items()}


def others_of(files, keys):
    """The keys, of those that count, with which these files are not sealed."""
    keyid = json.loads(files[ATTESTATION])["signatures"][0]["keyid"]
    return [key["kid"] for key in keys if key.get("crv") == "Ed25519" and key.get("use", "sig") == "sig" and key["kid"] != keyid]


STEPS = {"timestamp_invalid": 13, "checkpoint_invalid": 14, "key_revoked": 15}


def expectation(code, path, what, container=False):
    if code is None:
        return {"verdict": "whole", "code": None, "exit": 0, "step": None, "path": None, "what": what}
    if code == "usage":
        return {"verdict": "usage", "code": "usage", "exit": 2, "step": None, "path": None, "what": what}
    exits = {"archive_unsafe": 4, "unknown_key": 3, "key_revoked": 3}
    exit_code = exits.get(code, 1)
    verdict = {1: "tampered", 3: "indeterminate", 4: "unsafe"}[exit_code]
    told = {"verdict": verdict, "code": code, "exit": exit_code, "step": STEPS.get(code, 12 if "archive" not in code else 1), "path": path, "what": what}
    return {**told, "container": True} if container else told


def break_some(rng, count, wanted, good, keys, sealed):
    """Writes `count` broken bundles: every way once, in a random order, then again."""
    ways, number, skipped = [], 0, 0
    while number < count and skipped < 1000:
        files, other = rng.choice(good), rng.choice(good)
        if not ways:
            ways = [*breaks_of_files(rng, files, other, keys), *breaks_of_archive(rng, files), *sealed, *refused_keys(keys), *revoking_keys(files, keys)]
            rng.shuffle(ways)
        way = ways.pop()
        refused, revoking = refused_keys(keys).get(way), revoking_keys(files, keys).get(way)
        if refused or revoking:
            data, suffix = pack(rng, files)
            told = expectation("usage", None, way) if refused else expectation("key_revoked", ATTESTATION, way)
            wanted("bad-%04d-%s.%s" % (number, way, suffix), data, told, refused or revoking)
            number += 1
            continue
        tools = {**breaks_of_files(rng, files, other, keys), **breaks_of_archive(rng, files), **sealed}
        made = tools[way]() if way in tools else None
        if made is None:
            skipped += 1
            continue
        if isinstance(made[0], dict):
            broken, code, path, *container = made
            data, suffix = pack(rng, broken)
        else:
            data, suffix, code, path, *container = made
        wanted("bad-%04d-%s.%s" % (number, way, suffix), data, expectation(code, path, way, *container))
        number += 1


def read_bundle(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as archive:
        return {info.name: archive.extractfile(info).read() for info in archive if info.isfile()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--good", type=int, default=0)
    parser.add_argument("--bad", type=int, default=0)
    parser.add_argument("--mutate", metavar="DIR", help="good bundles of somebody else, with their keys.jwks")
    parser.add_argument("out", metavar="OUT")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    os.makedirs(options.out, exist_ok=True)
    expected = {}

    def write(name, data, told, other_keys=None):
        with open(os.path.join(options.out, name), "wb") as file:
            file.write(data)
        expected[name] = told
        if other_keys:
            told["keys"] = name.split(".")[0] + ".jwks"
            with open(os.path.join(options.out, told["keys"]), "wb") as file:
                file.write(canonical({"keys": other_keys}))

    if options.mutate:
        names = sorted(name for name in os.listdir(options.mutate) if name.endswith((".zip", ".tar.gz")))
        good = [read_bundle(os.path.join(options.mutate, name)) for name in names]
        with open(os.path.join(options.mutate, "keys.jwks"), encoding="utf-8") as file:
            keys = json.load(file)["keys"]
        if not good:
            sys.exit("make.py: no bundle in %s" % options.mutate)
        break_some(rng, options.bad, write, good, keys, {})
    else:
        trusted = [Key(rng.randbytes(32), status) for status in ("active", "retired", "retired")]
        since = "2026-09-01T00:00:00Z"
        revoked = [Key(rng.randbytes(32), status, at) for status, at in (("revoked", since), ("active", since), ("retired", since))]
        jwks = [key.jwk() for key in [*trusted, *revoked]] + passed_over(rng)
        with open(os.path.join(options.out, "keys.jwks"), "wb") as file:
            file.write(canonical({"keys": jwks}))
        good = [Bundle(rng, rng.choice(trusted)).seal() for _ in range(max(options.good, 2))]
        for number, files in enumerate(good[: options.good]):
            data, suffix = pack(rng, files)
            write("good-%04d.%s" % (number, suffix), data, expectation(None, None, "whole"))
        break_some(rng, options.bad, write, good, jwks, wrongly_sealed(rng, trusted, revoked))
    with open(os.path.join(options.out, "expected.json"), "w", encoding="utf-8") as file:
        json.dump(expected, file, indent=1, sort_keys=True, ensure_ascii=True)


if __name__ == "__main__":
    main()
