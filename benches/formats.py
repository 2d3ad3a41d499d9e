"""Time and memory of the renderers on a ready snapshot, beside what programmers use in Python on the same rows in the same run.

    python3 benches/formats.py TARGET_FOLDER [FINDINGS]

Ours: one process makes the snapshot, and renders one format after the other; CPU time and peak memory are those of the rendering
alone (see benches/formats). Peers: a process each. They cannot read a snapshot; they read the same rows from JSON lines, or a
table from CSV. Reading is measured alone too, and taken off before they are compared: ours reads *and* writes in its time, theirs
only writes.
"""
import json
import os
import subprocess
import sys
import tempfile

from measure import HERE, Log, cpu, megabytes, run, scan, wall

FORMATS = ["csv", "json", "sarif", "xlsx"]
# Peer, our format, what it reads.
PEERS = [
    ("csv", "csv", "rows/rows.ndjson"),
    ("polars", "csv", "csv/findings.csv"),
    ("orjson", "json", "findings/findings.ndjson"),
    ("xlsxwriter", "xlsx", "rows/rows.ndjson"),
    ("openpyxl", "xlsx", "rows/rows.ndjson"),
]
NAMES = {"csv": "Python csv, row by row", "polars": "polars write_csv", "orjson": "orjson, row by row",
         "xlsxwriter": "XlsxWriter, constant memory", "openpyxl": "openpyxl, write only"}
READING = "  (of which reading)"
HEAD = ["what                         ", "  wall s", "   CPU s", "of it sys", " peak MB", "  out MB", "   MB/s", "CPU: ours x", "wall: ours x"]


def main():
    target, findings = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    folder = os.path.join(target, "bench")
    out = os.path.join(folder, "formats")
    os.makedirs(out, exist_ok=True)
    made = scan(folder, findings)
    log = Log(os.path.join(folder, "formats.jsonl"), HEAD)
    files = [os.path.join(made, name) for name in ("trivy.json", "openvex.json", "verdicts.ndjson")]
    ours = {}
    command = [os.path.join(target, "release", "export-bench"), out, ",".join(["read", *FORMATS, "rows", "findings"]), *files]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as bench:
        for line in map(json.loads, bench.stdout):
            ours[line["what"]] = line
            if line["what"] not in ("rows", "findings"):
                show(log, "Export Center, %s" % line["what"], line, line["output_bytes"] / 1e6)
    if bench.returncode:
        sys.exit("failed: %s" % " ".join(command))
    readings = {}
    for peer, form, source in PEERS:
        source, written = os.path.join(out, source), os.path.join(out, "peer-" + peer)
        line, reading = measured(peer, source, written)
        if reading is None:
            if source not in readings:
                readings[source], _ = measured("read", source, written)
            reading = readings[source]
        times = [(of(line) - of(reading)) / of(ours[form]) for of in (cpu, wall)]
        show(log, NAMES[peer], line, megabytes(written), times)
        show(log, READING, {**reading, "what": peer + ", reading"}, 0)
        os.remove(written)


def measured(peer, source, written):
    """What a peer took, and what it says that reading took of that, if it can tell."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        line = {"what": peer, **run([sys.executable, os.path.join(HERE, "peers", "formats.py"), peer, source, written], told)}
        told.seek(0)
        reading = told.read()
    return line, json.loads(reading) if reading else None


def show(log, name, line, output, times=(None, None)):
    rate = output / line["wall_s"] if output else None
    cells = [name, line["wall_s"], cpu(line), line["system_s"], line.get("peak_mb"), output or None, rate, *times]
    log.row(cells, {**line, "output_mb": output, "ours_times_as_fast": {"cpu": times[0], "wall": times[1]}})


if __name__ == "__main__":
    main()
