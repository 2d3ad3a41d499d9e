"""Runs commands and tells what they took; makes the inputs of the benchmarks."""
import json
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MAKE_BIG = os.path.join(HERE, "..", "fixtures", "make_big.py")


def run(command, output=subprocess.DEVNULL):
    """Runs a command in a process of its own: wall seconds, user and system seconds, peak memory in MB."""
    os.sync()  # what others have written would slow down who writes next
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=output)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit("failed: %s" % " ".join(command))
    return {"wall_s": wall, "user_s": usage.ru_utime, "system_s": usage.ru_stime, "peak_mb": usage.ru_maxrss * 1024 / 1e6}


def cpu(line):
    return line["user_s"] + line["system_s"]


def wall(line):
    return line["wall_s"]


def scan(folder, findings):
    """A generated scan of that many findings, made once: its folder."""
    made = os.path.join(folder, str(findings))
    if not os.path.exists(os.path.join(made, "expected.json")):
        print("making %s findings in %s" % (findings, made), file=sys.stderr)
        shutil.rmtree(made, ignore_errors=True)
        run([sys.executable, MAKE_BIG, "-n", str(findings), "-o", made, "--only", "trivy,vex,verdicts"])
    return made


def expected(scan_folder):
    with open(os.path.join(scan_folder, "expected.json"), encoding="utf-8") as file:
        return json.load(file)


def megabytes(*paths):
    return sum(os.path.getsize(path) for path in paths) / 1e6


class Log:
    """A table for people, and the same as JSON lines in a file for programs."""

    def __init__(self, path, head):
        self.file, self.widths = open(path, "w", encoding="utf-8"), [len(name) for name in head]
        print("  ".join(head))

    def row(self, cells, line):
        shown = ["" if cell is None else cell if isinstance(cell, str) else "%.*f" % (2 if cell < 1000 else 0, cell) for cell in cells]
        print("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(shown, self.widths))), flush=True)
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()
