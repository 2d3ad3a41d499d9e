"""Speed and memory of sealing and verifying, beside plain SHA-256 over the same files in the same run.

    python3 benches/seal.py TARGET_FOLDER [MEGABYTES]

The files are what bundles hold: JSON lines of findings, which Deflate makes ten times smaller. Sealing digests them, builds the
tree and signs; verifying does it all again and compares, from the folder, the ZIP or the TAR.GZ. The peers are `sha256sum` and
`openssl dgst -sha256` over the same files, and `openssl speed`, which digests the same 16 KiB of memory again and again.
"""
import json
import os
import re
import shutil
import subprocess
import sys

from measure import cpu, run, wall

HEAD = "%-34s %8s %8s %8s %9s %12s %14s"


def main():
    target = sys.argv[1]
    megabytes = int(sys.argv[2]) if len(sys.argv) > 2 else 2_048
    folder = os.path.join(target, "bench", "seal")
    os.makedirs(folder, exist_ok=True)
    print(HEAD % ("what", "MB", "wall s", "CPU s", "peak MB", "MB/s by wall", "of sha256sum"))
    speed = openssl_speed()
    for name, files, size in (
        ("8 files", 8, megabytes * 1_000_000 // 8),
        ("50,000 files", 50_000, megabytes * 1_000_000 // 16 // 50_000),
        ("100,000 files", 100_000, 1_000),
    ):
        rows(target, made(folder, files, size), name, speed)


def made(folder, files, size):
    """A folder with so many files of so many bytes, made once."""
    path = os.path.join(folder, "%s-%s" % (files, size))
    if not os.path.exists(path + ".done"):
        shutil.rmtree(path, ignore_errors=True)
        for index in range(files):
            below = os.path.join(path, "scans", "%03d" % (index // 1_000))
            os.makedirs(below, exist_ok=True)
            with open(os.path.join(below, "service-%06d.json" % index), "w", encoding="ascii") as out:
                write(out, index, size)
        open(path + ".done", "w").close()
    return path


def write(out, index, size):
    line, written = 0, 0
    while written < size:
        digest = "%016x" % ((index * 1_000_003 + line) * 0x9E3779B97F4A7C15 % 2**64)
        text = '{"id":"%s%s","severity":"high","package":"pkg:npm/%s@1.%s.%s","title":"Prototype pollution in %s"}\n' % (
            digest, digest[::-1], digest[:6], line % 90, index % 40, digest[4:9])
        out.write(text[:size - written])
        written += len(text)
        line += 1


def openssl_speed():
    told = subprocess.run(["openssl", "speed", "-evp", "sha256", "-seconds", "2", "-bytes", "16384"], capture_output=True, text=True)
    found = re.search(r"^(?:sha256|SHA256)\s+([0-9.]+)k", told.stdout, re.M)
    speed = float(found.group(1)) / 1_000 if found else 0.0
    print("openssl speed -evp sha256: %.0f MB/s" % speed)
    return speed


def rows(target, folder, name, speed):
    program = os.path.join(target, "release", "export-bench-seal")
    paths = sorted(os.path.join(root, file) for root, _, names in os.walk(os.path.join(folder, "scans")) for file in names)
    listed = folder + ".list"
    with open(listed, "wb") as out:
        out.write(b"".join(path.encode() + b"\0" for path in paths))
    megabytes = sum(os.path.getsize(path) for path in paths) / 1e6
    run(["cat", *paths] if len(paths) < 100 else ["sh", "-c", "xargs -0 cat < '%s' > /dev/null" % listed])  # warm: disks are no part
    base = run(["sh", "-c", "xargs -0 sha256sum < '%s' > /dev/null" % listed])
    show("sha256sum, " + name, megabytes, base, base, speed)
    show("openssl dgst, " + name, megabytes, run(["sh", "-c", "xargs -0 openssl dgst -sha256 < '%s' > /dev/null" % listed]), base, speed)
    show("seal, " + name, megabytes, run([program, "seal", folder]), base, speed)
    zipped, tarred = folder + ".zip", folder + ".tar.gz"
    run([program, "pack", folder, zipped])
    run([program, "pack", folder, tarred])
    for what, bundle in (("verify folder, ", folder), ("verify ZIP, ", zipped), ("verify TAR.GZ, ", tarred)):
        with open(listed + ".told", "w+", encoding="utf-8") as out:
            line = run([program, "verify", bundle], out)
            out.seek(0)
            told = json.load(out)
        if told["verdict"] != "whole":
            sys.exit("%s%s: %s, so the figures are worth nothing" % (what, name, told))
        show(what + name, megabytes, line, base, speed)
    told = subprocess.run([program, "proof", folder], capture_output=True, text=True, check=True)
    told = json.loads(told.stdout)
    print("  proofs: at most %(largest_bytes)s bytes, verified in at most %(slowest_us)s microseconds" % told)


def show(name, megabytes, line, base, speed):
    rate = megabytes / wall(line)
    print(HEAD % (name, "%.0f" % megabytes, "%.2f" % wall(line), "%.2f" % cpu(line), "%.0f" % line["peak_mb"],
                  "%.0f" % rate, "%.2f (%.2f)" % (wall(base) / wall(line), rate / speed if speed else 0)))


if __name__ == "__main__":
    main()
