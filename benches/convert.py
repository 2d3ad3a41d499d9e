"""Time and peak memory of `exportctl convert`, beside a plain Python script on the same report in the same run.

    python3 benches/convert.py TARGET_FOLDER [FINDINGS ...]

CPU is user and system time of the process; memory is its peak resident set. The Python peer reads the report whole with
`json`, which is what a quick script does, and writes the same rows as CSV without joining anything; it is left out above
200,000 findings, where it needs more than 5 GB.
"""
import json
import os
import shutil
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MAKE_BIG = os.path.join(HERE, "..", "fixtures", "make_big.py")
PEER_LIMIT = 200_000

PEER = """
import csv, json, sys
rows = csv.writer(open(sys.argv[2], "w", newline=""))
for result in json.load(open(sys.argv[1]))["Results"]:
    for v in result.get("Vulnerabilities", []):
        rows.writerow([v["VulnerabilityID"], v["Severity"], v["PkgName"], v["InstalledVersion"], v.get("FixedVersion"),
                       v["PkgIdentifier"]["PURL"], result["Target"], v.get("Title"), v.get("Description"),
                       " ".join(v.get("References", []))])
"""


def run(command):
    """Runs a command: wall seconds, CPU seconds, peak memory in MB."""
    started = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ,
                          file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit("%s failed" % " ".join(command))
    return time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def inputs(folder, findings):
    """A generated scan of that many findings, made once; the folder and the megabytes of its report."""
    scan = os.path.join(folder, str(findings))
    if not os.path.exists(os.path.join(scan, "expected.json")):
        shutil.rmtree(scan, ignore_errors=True)
        run([sys.executable, MAKE_BIG, "-n", str(findings), "-o", scan, "--only", "trivy,vex,verdicts"])
    return scan, os.path.getsize(os.path.join(scan, "trivy.json")) / 1e6


def check(out, scan):
    """The converted totals are the expected ones, or the figures are worth nothing."""
    with open(os.path.join(scan, "expected.json"), encoding="utf-8") as file:
        expected = json.load(file)
    if expected["totals"]["findings"] != out["totals"]["findings"]:
        sys.exit("%s: wrong totals" % scan)


def main():
    target = sys.argv[1]
    sizes = [int(size) for size in sys.argv[2:]] or [50_000, 200_000, 1_000_000]
    folder = os.path.join(target, "bench")
    exportctl = os.path.join(target, "release", "exportctl")
    print("%10s %8s  %-24s %8s %8s %9s %8s" % ("findings", "input MB", "what", "wall s", "CPU s", "peak MB", "MB/s"))
    for findings in sizes:
        scan, megabytes = inputs(folder, findings)
        files = [os.path.join(scan, name) for name in ("trivy.json", "openvex.json", "verdicts.ndjson")]
        out = os.path.join(folder, "out")
        for formats in ("csv", "json", "csv,json"):
            command = [exportctl, "--quiet", "--json", "convert", *files, "--format", formats, "--out", out]
            wall, cpu, memory = run(command)
            line("%s to %s" % ("exportctl", formats), findings, megabytes, wall, cpu, memory)
        check(json.loads(os.popen(" ".join(command)).read()), scan)
        if findings <= PEER_LIMIT:
            wall, cpu, memory = run([sys.executable, "-c", PEER, files[0], os.path.join(folder, "peer.csv")])
            line("Python json to csv", findings, megabytes, wall, cpu, memory)


def line(what, findings, megabytes, wall, cpu, memory):
    print("%10d %8.0f  %-24s %8.2f %8.2f %9.0f %8.0f" % (findings, megabytes, what, wall, cpu, memory, megabytes / wall),
          flush=True)


if __name__ == "__main__":
    main()
