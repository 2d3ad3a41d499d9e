"""Time and memory of `exportctl convert`, beside two Python scripts that do the same in the same run.

    python3 benches/convert.py TARGET_FOLDER [FINDINGS]

One Trivy report becomes CSV, JSON and XLSX. The scripts (benches/peers/convert.py) write the same columns as far as the report fills
them, in the order of the report; ours also sorts, counts, digests, names each finding, and makes formulas harmless. Where VEX
statements and verdicts are given, it joins these as well, which is not asked of the scripts.
"""
import json
import os
import shutil
import sys

from measure import HERE, Log, cpu, expected, megabytes, run, scan, wall

HEAD = ["what                              ", "  wall s", "   CPU s", "of it sys", " peak MB", "   in MB", "in MB/s", "wall: ours x", "CPU: ours x"]
FORMATS = "csv,json,xlsx"
NAMES = {"frugal": "Python: ijson, csv, XlsxWriter", "fast": "Python: orjson, csv, XlsxWriter"}


def main():
    target, findings = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    folder = os.path.join(target, "bench")
    os.makedirs(folder, exist_ok=True)
    made = scan(folder, findings)
    log = Log(os.path.join(folder, "convert.jsonl"), HEAD)
    trivy, *said = files = [os.path.join(made, name) for name in ("trivy.json", "openvex.json", "verdicts.ndjson")]
    exportctl = [os.path.join(target, "release", "exportctl"), "--quiet", "--json", "convert"]
    out = os.path.join(folder, "converted")
    ours = None
    for formats, inputs in (("csv", [trivy]), ("json", [trivy]), ("xlsx", [trivy]), (FORMATS, files), (FORMATS, [trivy])):
        name = "exportctl to %s%s" % (formats, ", joined" if len(inputs) > 1 else "")
        ours = measured(log, name, [*exportctl, *inputs, "--format", formats, "--out", out], inputs, out, made)
    for peer in ("frugal", "fast"):
        command = [sys.executable, os.path.join(HERE, "peers", "convert.py"), peer, trivy, out]
        measured(log, NAMES[peer], command, [trivy], out, None, ours)


def measured(log, name, command, inputs, out, made, ours=None):
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)
    with open(os.path.join(out, "told.json"), "w+", encoding="utf-8") as told:
        line = {"what": name, **run(command, told)}
        told.seek(0)
        if made and json.load(told)["totals"]["findings"] != expected(made)["totals"]["findings"]:
            sys.exit("%s: wrong totals, so the figures are worth nothing" % name)
    read = megabytes(*inputs)
    times = [of(line) / of(ours) for of in (wall, cpu)] if ours else (None, None)
    cells = [name, line["wall_s"], cpu(line), line["system_s"], line["peak_mb"], read, read / line["wall_s"], *times]
    log.row(cells, {**line, "input_mb": read, "ours_times_as_fast": {"wall": times[0], "cpu": times[1]}})
    shutil.rmtree(out)
    return line


if __name__ == "__main__":
    main()
