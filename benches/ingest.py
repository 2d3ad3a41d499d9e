"""Time and memory of reading what tools wrote, beside Python's json on the same file in the same run.

    python3 benches/ingest.py TARGET_FOLDER [FINDINGS...]

Ours reads each record into the finding model, checks it, digests the file and names each finding; the peer calls json.load (or
json.loads for each line of the verdicts), which is what a script begins with, and keeps the whole document. The numbers of
records must be those that expected.json states.
"""
import json
import os
import sys

from measure import MAKE_BIG, Log, cpu, expected, megabytes, run, wall

HEAD = ["what                            ", "    in MB", "  wall s", "   CPU s", " peak MB", "in MB/s", "wall: ours x", "CPU: ours x"]
PEER = """
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    kept = [json.loads(line) for line in file] if sys.argv[1].endswith(".ndjson") else json.load(file)
"""
ONLY = "trivy,vex,verdicts,sarif,sbom"


def main():
    target = sys.argv[1]
    sizes = [int(size) for size in sys.argv[2:]] or [1_000, 100_000, 1_000_000]
    folder = os.path.join(target, "bench")
    os.makedirs(folder, exist_ok=True)
    log = Log(os.path.join(folder, "ingest.jsonl"), HEAD)
    for size in sizes:
        made = make(folder, size)
        truth = expected(made)
        decisions = sum(count for word, count in truth["by"]["policy_decision"].items() if word != "(none)")
        for name, kind, file, records in (
            ("Trivy", "findings", "trivy.json", truth["totals"]["findings"]),
            ("SARIF", "findings", "results.sarif", truth["totals"]["findings"]),
            ("OpenVEX", "statements", "openvex.json", truth["vex_statements"]),
            ("verdicts", "verdicts", "verdicts.ndjson", decisions),
            ("CycloneDX", "sboms", "bom.cdx.json", None),
        ):
            measured(log, "%s, %s" % (name, "{:,}".format(size)), kind, os.path.join(made, file), records, target)


def make(folder, size):
    """A generated scan, made once."""
    made = os.path.join(folder, "ingest-%s" % size)
    if not os.path.exists(os.path.join(made, "expected.json")):
        print("making %s findings in %s" % (size, made), file=sys.stderr)
        run([sys.executable, MAKE_BIG, "-n", str(size), "-o", made, "--only", ONLY])
    return made


def measured(log, name, kind, file, records, target):
    told = os.path.join(target, "bench", "told.json")
    with open(told, "w+", encoding="utf-8") as out:
        ours = run([os.path.join(target, "release", "export-bench-ingest"), kind, file], out)
        out.seek(0)
        read = json.load(out)["records"]
    if records is not None and read != records:
        sys.exit("%s: %s records and not %s, so the figures are worth nothing" % (name, read, records))
    peer = run([sys.executable, "-c", PEER, file])
    size = megabytes(file)
    for who, line in (("ours", ours), ("Python json", peer)):
        times = [of(line) / of(ours) for of in (wall, cpu)] if line is peer else (None, None)
        cells = ["%s: %s" % (name, who), size, line["wall_s"], cpu(line), line["peak_mb"], size / line["wall_s"], *times]
        log.row(cells, {"what": name, "who": who, "records": read, "input_mb": size, **line})


if __name__ == "__main__":
    main()
