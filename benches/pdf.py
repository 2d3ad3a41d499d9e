"""Time and memory of PDF reports in both engines, beside WeasyPrint and Chromium driven by playwright-core on the same rows in the same run.

    python3 benches/pdf.py TARGET_FOLDER [ROWS...]

Every program is measured the same way: CPU time of its whole tree of processes, and the peak of the memory that the tree holds at one
time (proportional set size, so that pages which browser processes share count once), looked at 40 times a second while it prints.
`cold` is the first report of a process, its browser's start included; `warm` are the next ones: their median and 95th percentile.
Ours read the snapshot, join nothing, and print the whole report: cover, numbers, charts, what to do first, every row. The peers print
one table of the same rows.
"""
import json
import os
import statistics
import subprocess
import sys

from measure import HERE, Log, Tree, megabytes, scan

ROWS = [100, 1_000, 5_000, 10_000, 50_000, 200_000]
# The most rows that each is asked for: beyond, it takes minutes and gigabytes.
LIMITS = {"browser": 5_000, "writer": 200_000, "archival": 10_000, "playwright": 10_000, "weasyprint": 1_000}
NAMES = {
    "browser": "Export Center, browser engine", "writer": "Export Center, own writer", "archival": "Export Center, own writer, PDF/A + PDF/UA",
    "playwright": "Chromium by playwright-core, one table", "weasyprint": "WeasyPrint, one table",
}
HEAD = ["what                                       ", "    rows", "cold wall s", "cold CPU s", "warm p50 s", "warm p95 s", "warm CPU s", "  peak MB", "   out MB"]


def main():
    target = sys.argv[1]
    rows = [int(count) for count in sys.argv[2:]] or ROWS
    folder = os.path.join(target, "bench")
    out = os.path.join(folder, "pdf")
    os.makedirs(out, exist_ok=True)
    os.chmod(out, 0o755)
    log = Log(os.path.join(folder, "pdf.jsonl"), HEAD)
    for count in rows:
        made = scan(folder, count)
        files = [os.path.join(made, name) for name in ("trivy.json", "openvex.json", "verdicts.ndjson")]
        source = os.path.join(out, "rows-%d.ndjson" % count)
        times = 20 if count <= 100 else 3 if count <= 10_000 else 1
        for name in ("browser", "writer", "archival"):
            if count <= LIMITS[name]:
                command = [os.path.join(target, "release", "export-bench-pdf"), name, out, source, str(times), *files]
                show(log, name, count, printed(command), os.path.join(out, name + ".pdf"))
        for name, command in peers(count, source, out, times):
            show(log, name, count, printed(command), os.path.join(out, name + ".pdf"))


def peers(count, source, out, times):
    if count <= LIMITS["playwright"]:
        yield "playwright", ["node", os.path.join(HERE, "peers", "pdf.mjs"), source, os.path.join(out, "playwright.pdf"), str(times)]
    if count <= LIMITS["weasyprint"]:
        yield "weasyprint", [sys.executable, os.path.join(HERE, "peers", "pdf.py"), source, os.path.join(out, "weasyprint.pdf"), str(min(times, 3))]


def printed(command):
    """What each report took: the first, then the others. The program says `ready`, waits for a line, prints one, says `done`."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        tree, taken = Tree(child.pid), []
        for line in child.stdout:
            if line.strip() == "ready":
                tree.begin()
                child.stdin.write("go\n")
                child.stdin.flush()
            elif line.strip() == "done":
                taken.append(tree.end())
    if child.returncode or not taken:
        sys.exit("failed: %s" % " ".join(command))
    return taken


def show(log, name, rows, taken, written):
    cold, warm = taken[0], taken[1:]
    walls = sorted(one["wall_s"] for one in warm)
    # Of few reports the 95th percentile is the slowest.
    p95 = walls[min(len(walls) - 1, round(0.95 * len(walls)))] if walls else None
    p50 = statistics.median(walls) if walls else None
    warm_cpu = statistics.median(one["cpu_s"] for one in warm) if warm else None
    peak = max(one["peak_mb"] for one in taken)
    cells = [NAMES[name], "%d" % rows, cold["wall_s"], cold["cpu_s"], p50, p95, warm_cpu, peak, megabytes(written)]
    log.row(cells, {"what": name, "rows": rows, "cold": cold, "warm": warm, "peak_mb": peak, "output_mb": megabytes(written)})


if __name__ == "__main__":
    main()
