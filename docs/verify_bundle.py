"""Verifies an evidence bundle (see evidence-format.md): python3 verify_bundle.py BUNDLE KEYS.jwks"""
import base64, hashlib, io, json, nacl.signing, re, sys, tarfile, zipfile, zlib  # nacl is PyNaCl
MANIFEST, SEAL, *_ = UNLISTED = ["manifest.json", "attestation.dsse.json", "timestamp.tsr", "checkpoint.txt"]
CLAIMS = "bundle_id created_at export_id generator manifest_sha256 merkle sealed_at snapshot tenant".split()
CLAIM = "bnd-{0}exp-{0}{1}{1}{1}".format("[0-7][0-9a-hjkmnp-tv-z]{25}", "[0-9-]{10}T[0-9:]{8}([.][0-9]+)?Z")
ENTRY = "[0-9a-f]{64} [0-9]+ (scan_result|sbom|policy_verdict|vex_statement|attestation|audit_event|report) "
PATH = "(?![A-Za-z]:){0}(/{0})*".format(r"(?!\.\.?(/|$))[^/\\\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
EXITS, told = {"usage": 2, "unknown_key": 3, "key_revoked": 3, "archive_unsafe": 4}, ["usage", __doc__]
end = sys.excepthook = lambda *_: sys.exit(print(*told) or EXITS.get(told[0], 1))  # at any failure
def step(code, path="", holds=True): told[:] = code, repr(path)[1:-1]; holds or end()  # also of what follows
def digest(data): return hashlib.sha256(data).digest()
def canonical(it): return json.dumps(it, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
data = open(sys.argv[1], "rb").read(); limit = min(64 << 30, max(64 << 20, 200 * len(data)))
keys = [key for key in json.load(open(sys.argv[2]))["keys"] if key.get("crv") == "Ed25519"]
len({key[name] for key in keys for name in ("kid", "x")}) == 2 * len(keys) or end()  # none is there twice
if data[:2] == b"\x1f\x8b":
    step("archive_corrupt"); gzip = zlib.decompressobj(31); plain = gzip.decompress(data, limit)
    step("archive_unsafe" if gzip.unconsumed_tail else "archive_corrupt", "", gzip.eof)
    tar = tarfile.open(fileobj=io.BytesIO(plain), mode="r:"); read = tar.extractfile
    members = [(f.name.removeprefix("./") + "/" * f.isdir(), f.size, f.isfile() or f.isdir(), f) for f in tar]
    rest, own = gzip.unused_data, b"\x1f\x8b\x08\x10\0\0\0\0\0\xffsha256:%b\0\3" + bytes(9)
else:
    step("archive_corrupt"); archive = zipfile.ZipFile(io.BytesIO(data)); read = archive.open
    members = [(f.filename, f.file_size, f.external_attr >> 28 in (0, 4, 8), f) for f in archive.infolist()]
    rest, own = data[data.rfind(b"PK\5\6") + 20 if data[:2] == b"PK" else 0:], b"G\0sha256:%b"  # G: 71 follow
own %= digest(data[:len(data) - len(rest)]).hex().encode(); files = {}  # our archives say their own SHA-256
step("archive_corrupt" if b"sha256:" in rest else "archive_ambiguous", "", rest in (b"", b"\0\0", own))
for path, size, plain, f in members:
    limit -= size; step("archive_unsafe", path, plain and limit >= 0 and re.fullmatch(PATH + "/?|[.]/", path))
    step("archive_ambiguous", path, path not in files and "size" not in getattr(f, "pax_headers", ()))
    if path[-1] != "/": step("archive_corrupt", path); files[path] = read(f).read()
step("missing_file", MANIFEST); raw = files[MANIFEST]; step("missing_file", SEAL); sealed = files[SEAL]
step("envelope_not_canonical", SEAL); envelope = json.loads(sealed); one = envelope["signatures"][0]
payload, keyid, sig = base64.b64decode(envelope["payload"]), one["keyid"], base64.b64decode(one["sig"])
sealed == canonical({"payloadType": "application/vnd.in-toto+json", "signatures": [{"keyid": keyid, "sig":
    base64.b64encode(sig).decode()}], "payload": base64.b64encode(payload).decode()}) or end()
step("unknown_key", SEAL); jwk = {k["kid"]: k for k in keys if k.get("use", "sig") == "sig"}[keyid]
step("signature", SEAL); message = b"DSSEv1 28 application/vnd.in-toto+json %d %b" % (len(payload), payload)
nacl.signing.VerifyKey(base64.urlsafe_b64decode(jwk["x"] + "=")).verify(message, sig)  # libsodium is strict
step("statement_invalid", SEAL); it = json.loads(payload); claim = it["predicate"]; sha = digest(raw).hex()
named = {s["digest"]["sha256"] for s in it["subject"] if s["name"] == MANIFEST} | {claim["manifest_sha256"]}
forms = "%(bundle_id)s%(export_id)s%(created_at)s%(sealed_at)s" % claim + claim["snapshot"]["taken_at"]
step("statement_invalid", SEAL, {*claim} - {"template"} == {*CLAIMS} and re.fullmatch(CLAIM, forms))
step("digest_mismatch", MANIFEST, named == {sha}); step("manifest_invalid", MANIFEST); found = json.loads(raw)
entries = {e["path"]: e for e in found["entries"] if {*e} - {"id"} == {"media_type", "path", "sha256",
           "size", "type"} and re.fullmatch(ENTRY + PATH, "%(sha256)s %(size)r %(type)s %(path)s" % e)}
raw == canonical({"format": "evidence-bundle/v1", "merkle": found["merkle"], "bundle_id": claim["bundle_id"],
    "entries": [entries[p] for p in sorted(entries.keys() - UNLISTED)]}) or end()
tops = [digest(b"\0" + canonical(entry)) for entry in entries.values()]  # the odd one moves up
while tops[1:]: tops = [digest(b"\1" + a + b) if b else a for a, b in zip(tops[::2], tops[1::2] + [b""])]
root = tops[0].hex(); tree = {"alg": "rfc6962-sha256", "root": root, "size": len(entries)}
step("root_mismatch", MANIFEST, canonical([found["merkle"], claim["merkle"]]) == canonical([tree, tree]))
digests = {MANIFEST: sha, **{path: e["sha256"] for path, e in entries.items()}}
step("statement_invalid", SEAL, payload == canonical({"_type": "https://in-toto.io/Statement/v1", "predicate":
     claim, "predicateType": "https://export-center.example/attestations/evidence-bundle/v1",
     "subject": [{"digest": {"sha256": digests[name]}, "name": name} for name in sorted(digests)]}))
for p in [*entries, *sorted(files.keys() - [*entries, *UNLISTED])]:
    step("missing_file" if p not in files else "digest_mismatch" if p in entries else "extra_file", p)
    if [digest(files[p]).hex(), len(files[p])] != [entries[p]["sha256"], entries[p]["size"]]: end()
step("key_revoked", SEAL, "revoked" not in str(jwk)); print(f"whole: {len(entries)} files, root {root}")
