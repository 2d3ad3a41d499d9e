"""WeasyPrint prints one table: python3 pdf.py ROWS OUT TIMES. Says `ready`, waits for a line, prints, says `done`."""
import sys

from table import html


def main():
    source, out, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
    import weasyprint
    for _ in range(1 + times):
        print("ready", flush=True)
        sys.stdin.readline()
        weasyprint.HTML(string=html(source)).write_pdf(out)
        print("done", flush=True)


if __name__ == "__main__":
    main()
