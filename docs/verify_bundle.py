"""Verifies an evidence bundle: python3 verify_bundle.py BUNDLE KEYS.jwks (needs PyNaCl; see evidence-format.md)."""
import base64, hashlib, io, json, re, struct, sys, tarfile, zipfile, zlib
from nacl.signing import VerifyKey
MANIFEST, SEAL, *_ = UNLISTED = ["manifest.json", "attestation.dsse.json", "timestamp.tsr", "checkpoint.txt"]
PATH = r"(?!.*(^|/)\.{0,2}(/|$))[^\\\x00-\x1f\x7f-\x9f\ud800-\udfff]+"
ENTRY = r"[0-9a-f]{64} \d+ (scan_result|sbom|policy_verdict|vex_statement|attestation|audit_event|report) " + PATH
CLAIM = re.sub("T!", r'"[0-9-]{10}T[0-9:]{8}(\\.[0-9]+)?Z"', '{"bundle_id":"bnd-[0-9a-z]{26}","created_at":T!,"export_id":'
    '"exp-[0-9a-z]{26}","generator":{[^{}]+},"manifest_sha256":"[0-9a-f]{64}","merkle":{[^{}]+},"sealed_at":T!,"snapshot":'
    '{"sha256":"[0-9a-f]{64}","taken_at":T!},("template":{[^{}]+},)?"tenant":"[^"]+"}')
AT = ["archive_corrupt", ""]  # the answer if a check fails, or if what it looks at cannot be read
def check(holds, *at):
    AT[:] = at or AT
    if not holds: raise ValueError
def sha256(data): return hashlib.sha256(data).hexdigest()
def canonical(value): return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
def parse(raw, *at): check(True, *at), check(canonical(json.loads(raw.decode())) == raw); return json.loads(raw)
def node(data): return hashlib.sha256(data).digest()
def root(hashes):
    left = 1 << (len(hashes) - 1).bit_length() >> 1  # the largest power of two below their number
    return node(b"\1" + root(hashes[:left]) + root(hashes[left:])) if left else hashes[0]
def untar(data, limit):  # path, whether it is a file or a folder, bytes; the archive may hold nothing else
    gzip = zlib.decompressobj(31)
    plain, behind = gzip.decompress(data, limit), gzip.unused_data
    check(not gzip.unconsumed_tail, "archive_unsafe", ""), check(gzip.eof, "archive_corrupt", "")
    archive = tarfile.open(fileobj=io.BytesIO(plain))
    yield from ((f.name + "/" * f.isdir(), f.isfile() or f.isdir(), f.isfile() and archive.extractfile(f).read()) for f in archive)
    check(not plain[archive.offset:].strip(b"\0") and behind[81:] in (b"", b"\0\3" + bytes(9)), "archive_ambiguous", "")
    check_own_digest(data[:-92], behind[10:81] or behind)
def unzip(data, limit):
    archive, at = zipfile.ZipFile(io.BytesIO(data)), 0
    files = sorted(archive.infolist(), key=lambda f: f.header_offset)
    check(sum(f.file_size for f in files) <= limit, "archive_unsafe", "")
    for f, after in zip(files, [f.header_offset for f in files[1:]] + [archive.start_dir]):
        rest = after - at - 30 - sum(struct.unpack("<2H", data[at + 26:at + 30])) - f.compress_size
        told = data[at + 14:at + 26] in (struct.pack("<3I", f.CRC, f.compress_size, f.file_size), bytes(12))
        check(f.header_offset == at and told and rest in (0, 12, 16, 20, 24), "archive_ambiguous", f.filename)
        AT[0], at = "archive_corrupt", after
        yield f.orig_filename, f.external_attr >> 28 in (0, 4, 8), archive.read(f)
    end = len(data) - 2 - len(archive.comment)
    check(data[end - 20:][:4] == b"PK\5\6", "archive_ambiguous", "")
    check_own_digest(data[:end], archive.comment)
def check_own_digest(data, comment):
    check(re.fullmatch(b"(sha256:[0-9a-f]{64})?", comment), "archive_ambiguous", "")
    check(comment in (b"", b"sha256:" + sha256(data).encode()), "archive_corrupt", "")
def verify(bundle, jwks):
    data, files = open(bundle, "rb").read(), {}
    unpack, limit = untar if data[:2] == b"\x1f\x8b" else unzip, min(64 << 30, max(64 << 20, 200 * len(data)))
    for path, plain, content in unpack(data, limit):
        check(plain and re.fullmatch(PATH, path.removesuffix("/")) and len(files) < 250_000, "archive_unsafe", path)
        check(path not in files, "archive_ambiguous", path)
        files.update({} if path.endswith("/") else {path: content}), check(True, "archive_corrupt", "")
    for path in UNLISTED[:2]: check(path in files, "missing_file", path)
    seal = parse(files[SEAL], "envelope_not_canonical", SEAL)
    payload, sig = (base64.b64decode(part) for part in (seal["payload"], seal["signatures"][0]["sig"]))
    keyid, text = seal["signatures"][0]["keyid"], [base64.b64encode(part).decode() for part in (payload, sig)]
    check(seal == {"payload": text[0], "payloadType": "application/vnd.in-toto+json", "signatures": [{"keyid": keyid, "sig": text[1]}]})
    keys = {base64.urlsafe_b64encode(node(b'{"crv":"Ed25519","kty":"OKP","x":"%b"}' % key["x"].encode())).decode()[:43]: key
            for key in json.load(open(jwks))["keys"] if key.get("crv") == "Ed25519"}
    check(keyid in keys, "unknown_key", SEAL), check(True, "signature", SEAL)
    message = b"DSSEv1 28 application/vnd.in-toto+json %d %b" % (len(payload), payload)
    VerifyKey(base64.urlsafe_b64decode(keys[keyid]["x"] + "=")).verify(message, sig)
    statement = parse(payload, "statement_invalid", SEAL)
    claim, subjects = statement["predicate"], {s["name"]: s["digest"]["sha256"] for s in statement["subject"]}
    check(re.fullmatch(CLAIM, canonical(claim).decode()) and statement == {"_type": "https://in-toto.io/Statement/v1", "predicate": claim,
        "predicateType": "https://export-center.example/attestations/evidence-bundle/v1",
        "subject": [{"digest": {"sha256": subjects[name]}, "name": name} for name in sorted(subjects)]})
    digest = sha256(files[MANIFEST])
    check(digest == claim["manifest_sha256"] == subjects.get(MANIFEST), "digest_mismatch", MANIFEST)
    manifest = parse(files[MANIFEST], "manifest_invalid", MANIFEST)
    entries = {entry["path"]: entry for entry in manifest["entries"]}
    for path, e in entries.items():
        check(re.fullmatch(ENTRY, f'{e["sha256"]} {e["size"]} {e["type"]} {path}') and type(e["size"]) is int and path not in UNLISTED)
        check({*e} - {"id"} == {"media_type", "path", "sha256", "size", "type"})
    check(entries and manifest == {"bundle_id": claim["bundle_id"], "entries": [entries[path] for path in sorted(entries)],
                                   "format": "evidence-bundle/v1", "merkle": manifest["merkle"]})
    top = root([node(b"\0" + canonical(entry)) for entry in entries.values()]).hex()
    tree = {"alg": "rfc6962-sha256", "root": top, "size": len(entries)}
    check(manifest["merkle"] == claim["merkle"] == tree, "root_mismatch", MANIFEST)
    check(subjects == {path: e["sha256"] for path, e in entries.items()} | {MANIFEST: digest}, "statement_invalid", SEAL)
    for path, e in entries.items():
        check(path in files, "missing_file", path)
        check((len(files[path]), sha256(files[path])) == (e["size"], e["sha256"]), "digest_mismatch", path)
    for path in sorted(files.keys() - entries.keys() - {*UNLISTED}): check(False, "extra_file", path)
    check(keys[keyid].get("status", "active") in ("active", "retired"), "key_revoked", SEAL)
    print(f"whole: {len(entries)} files, root {top}")
try: verify(*sys.argv[1:]) if len(sys.argv) == 3 else sys.exit(print(__doc__) or 2)
except Exception: sys.exit(print(*AT) or {"archive_unsafe": 4, "unknown_key": 3, "key_revoked": 3}.get(AT[0], 1))
