"""Runs commands and tells what they took; makes the inputs of the benchmarks."""
import json
import os
import shutil
import subprocess
import sys
import threading
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


class Tree:
    """A process with all below it: their CPU time together, and the peak of their memory, between `begin` and `end`."""

    TICKS = os.sysconf("SC_CLK_TCK")
    PAUSE = 0.025

    def __init__(self, root):
        self.root, self.lock = root, threading.Lock()
        self.seen, self.peak = {}, 0.0
        self.watching = None

    def begin(self):
        self.seen, self.peak, self.stop = {}, 0.0, threading.Event()
        self.look()
        self.at_first = {pid: ticks for pid, ticks in self.seen.items()}
        self.started = time.monotonic()
        self.watching = threading.Thread(target=self.watch, daemon=True)
        self.watching.start()

    def watch(self):
        while not self.stop.wait(self.PAUSE):
            self.look()

    def end(self):
        wall = time.monotonic() - self.started
        self.stop.set()
        self.watching.join()
        self.look()
        # A process that has ended in between counts with what was last seen of it.
        ticks = sum(last - self.at_first.get(pid, 0) for pid, last in self.seen.items())
        return {"wall_s": wall, "cpu_s": ticks / self.TICKS, "peak_mb": self.peak}

    def look(self):
        with self.lock:
            memory = 0.0
            for pid in below(self.root):
                try:
                    with open("/proc/%d/stat" % pid, encoding="utf-8", errors="replace") as stat:
                        fields = stat.read().rsplit(")", 1)[1].split()
                    self.seen[pid] = int(fields[11]) + int(fields[12])
                    memory += proportional(pid)
                except OSError:
                    continue
            self.peak = max(self.peak, memory)


def below(root):
    """The ids of a process and of all that come from it, also of those whose parent has ended: they keep its group or session."""
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        try:
            for task in os.listdir("/proc/%d/task" % pid):
                with open("/proc/%d/task/%s/children" % (pid, task), encoding="utf-8") as children:
                    todo.extend(int(child) for child in children.read().split())
        except OSError:
            continue
    return found


def proportional(pid):
    """Megabytes of memory that a process holds, those that it shares by its share (proc(5), `smaps_rollup`)."""
    with open("/proc/%d/smaps_rollup" % pid, encoding="utf-8") as maps:
        for line in maps:
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


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
