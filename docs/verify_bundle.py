"""Verifies an evidence bundle: python3 verify_bundle.py BUNDLE KEYS.jwks (needs PyNaCl; see evidence-format.md)."""
import base64, hashlib, io, json, re, struct, sys, tarfile, zipfile, zlib
from nacl.signing import VerifyKey
MANIFEST, SEAL, *_ = UNLISTED = ["manifest.json", "attestation.dsse.json", "timestamp.tsr", "checkpoint.txt"]
PATH, ID = r"(?!.*(^|/)\.{0,2}(/|$))[^\\\x00-\x1f\x7f-\x9f\ud800-\udfff]+", "-[0-7][0-9a-hjkmnp-tv-z]{25}"
TEXT, HEX, TIME = r'"([^"\\]|\\.)+"', '"[0-9a-f]{64}"', r'"[0-9-]{10}T[0-9:]{8}(\.[0-9]+)?Z"'
ENTRY = (f'{{("id":{TEXT},)?"media_type":{TEXT},"path":{TEXT},"sha256":{HEX},"size":[0-9]+,"type":"(scan_result|sbom|'
         'policy_verdict|vex_statement|attestation|audit_event|report)"}')
CLAIM = (f'{{"bundle_id":"bnd{ID}","created_at":{TIME},"export_id":"exp{ID}","generator":{{"name":{TEXT},"version":{TEXT}'
         f'}},"manifest_sha256":{HEX},"merkle":{{.*}},"sealed_at":{TIME},"snapshot":{{"sha256":{HEX},"taken_at":{TIME}}},'
         f'("template":{{"name":{TEXT},"sha256":{HEX}}},)?"tenant":{TEXT}}}')
def need(check, code, path=""):  # what a check gives; if that is nothing or an error, the verdict is told
    try: value = check()
    except Exception: value = None
    return value or sys.exit(print(code, path) or {"archive_unsafe": 4, "unknown_key": 3, "key_revoked": 3}.get(code, 1))
def sha256(data): return hashlib.sha256(data).digest()
def canonical(value): return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
def parse(raw): return (value := json.loads(raw.decode())) if canonical(json.loads(raw.decode())) == raw else None
def root(hashes):
    left = 1 << (len(hashes) - 1).bit_length() >> 1  # the largest power of two below their number
    return sha256(b"\1" + root(hashes[:left]) + root(hashes[left:])) if left else hashes[0]
def unzip(data, limit, at=0):  # files by path; no byte of the archive may be left over
    archive = zipfile.ZipFile(io.BytesIO(data))
    files, end = sorted(archive.infolist(), key=lambda file: file.header_offset), len(data) - len(archive.comment) - 2
    need(lambda: sum(file.file_size for file in files) <= limit, "archive_unsafe")
    for file, after in zip(files, [file.header_offset for file in files[1:]] + [archive.start_dir]):
        rest = after - at - 30 - sum(struct.unpack("<2H", data[at + 26:at + 30])) - file.compress_size
        told = data[at + 14:at + 26] in (struct.pack("<3I", file.CRC, file.compress_size, file.file_size), bytes(12))
        need(lambda: file.header_offset == at and told and rest in ((12, 16, 20, 24) if file.flag_bits & 8 else (0,)),
             "archive_ambiguous", file.filename)
        yield file.orig_filename, file.external_attr >> 28 in (0, 4, 8), archive.read(file)
        at = after
    need(lambda: data[end - 20:][:4] == b"PK\5\6", "archive_ambiguous"), sealed(data[:end], archive.comment)
def untar(data, limit):
    gzip = zlib.decompressobj(31)
    plain, rest = gzip.decompress(data, limit), gzip.unused_data
    need(lambda: not gzip.unconsumed_tail, "archive_unsafe"), need(lambda: gzip.eof, "archive_corrupt")
    archive = tarfile.open(fileobj=io.BytesIO(plain))
    for file in archive:
        content = archive.extractfile(file).read() if file.isfile() else b""
        yield file.name + "/" * file.isdir(), file.isfile() or file.isdir(), content
    need(lambda: not plain[archive.offset:].strip(b"\0") and rest[82:] in (b"", b"\3" + bytes(9)), "archive_ambiguous")
    sealed(data[:-92], rest[10:81])
def sealed(data, comment):
    need(lambda: re.fullmatch(b"(sha256:[0-9a-f]{64})?", comment), "archive_ambiguous")
    need(lambda: comment in (b"", b"sha256:" + sha256(data).hex().encode()), "archive_corrupt")
def main(bundle, jwks):
    data, files = open(bundle, "rb").read(), {}
    limit, unpack = min(64 << 30, max(64 << 20, 200 * len(data))), untar if data[:2] == b"\x1f\x8b" else unzip
    for path, plain, content in need(lambda: [*unpack(data, limit)], "archive_corrupt"):
        need(lambda: plain and re.fullmatch(PATH, path.removesuffix("/")), "archive_unsafe", path)
        need(lambda: path not in files or path.endswith("/"), "archive_ambiguous", path)
        files[path] = content
    for path in UNLISTED[:2]: need(lambda: path in files, "missing_file", path)
    seal = need(lambda: parse(files[SEAL]), "envelope_not_canonical", SEAL)
    parts = need(lambda: (seal["payload"], seal["signatures"][0]["sig"]), "envelope_not_canonical", SEAL)
    payload, sig = need(lambda: [base64.b64decode(part) for part in parts], "envelope_not_canonical", SEAL)
    keyid = need(lambda: re.fullmatch("[A-Za-z0-9_-]{43}", seal["signatures"][0]["keyid"]), "envelope_not_canonical", SEAL)[0]
    need(lambda: seal == {"payload": base64.b64encode(payload).decode(), "payloadType": "application/vnd.in-toto+json",
         "signatures": [{"keyid": keyid, "sig": base64.b64encode(sig).decode()}]}, "envelope_not_canonical", SEAL)
    keys = [key for key in json.load(open(jwks))["keys"] if key.get("crv") == "Ed25519"]
    ids = [sha256(b'{"crv":"Ed25519","kty":"OKP","x":"%b"}' % key["x"].encode()) for key in keys]
    key = need(lambda: keys[ids.index(base64.urlsafe_b64decode(keyid + "="))], "unknown_key", SEAL)
    message = b"DSSEv1 28 application/vnd.in-toto+json %d %b" % (len(payload), payload)
    need(lambda: VerifyKey(base64.urlsafe_b64decode(key["x"] + "=")).verify(message, sig), "signature", SEAL)
    statement = need(lambda: parse(payload), "statement_invalid", SEAL)
    claim = need(lambda: re.fullmatch(CLAIM, canonical(statement["predicate"]).decode()) and statement["predicate"], "statement_invalid", SEAL)
    subjects = need(lambda: {s["name"]: s["digest"]["sha256"] for s in statement["subject"]}, "statement_invalid", SEAL)
    need(lambda: statement == {"_type": "https://in-toto.io/Statement/v1", "predicate": claim, "predicateType":
         "https://export-center.example/attestations/evidence-bundle/v1", "subject":
         [{"digest": {"sha256": subjects[name]}, "name": name} for name in sorted(subjects)]}, "statement_invalid", SEAL)
    digest = sha256(files[MANIFEST]).hex()
    need(lambda: digest == claim["manifest_sha256"] == subjects[MANIFEST], "digest_mismatch", MANIFEST)
    manifest = need(lambda: parse(files[MANIFEST]), "manifest_invalid", MANIFEST)
    entries = need(lambda: {entry["path"]: entry for entry in manifest["entries"]}, "manifest_invalid", MANIFEST)
    need(lambda: manifest == {"bundle_id": claim["bundle_id"], "entries": [entries[path] for path in sorted(entries)],
         "format": "evidence-bundle/v1", "merkle": manifest["merkle"]}, "manifest_invalid", MANIFEST)
    need(lambda: all(re.fullmatch(PATH, path) and path not in UNLISTED and re.fullmatch(ENTRY, canonical(entries[path]).decode()) for path in entries), "manifest_invalid", MANIFEST)
    top = root([sha256(b"\0" + canonical(entries[path])) for path in sorted(entries)]).hex()
    tree = {"alg": "rfc6962-sha256", "root": top, "size": len(entries)}
    need(lambda: manifest["merkle"] == claim["merkle"] == tree, "root_mismatch", MANIFEST)
    need(lambda: subjects == {MANIFEST: digest} | {path: entries[path]["sha256"] for path in entries}, "statement_invalid", SEAL)
    for path, entry in entries.items():
        need(lambda: path in files, "missing_file", path)
        need(lambda: (len(files[path]), sha256(files[path]).hex()) == (entry["size"], entry["sha256"]), "digest_mismatch", path)
    for path in sorted(files.keys() - entries.keys() - {*UNLISTED}):
        need(lambda: path.endswith("/"), "extra_file", path)
    need(lambda: key.get("status", "active") in ("active", "retired"), "key_revoked", SEAL)
    print(f"whole: {len(entries)} files, root {top}")
if len(sys.argv) != 3: sys.exit(print(__doc__) or 2)
main(*sys.argv[1:])
