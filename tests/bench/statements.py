"""SQL statements of each page on the large data set, against what we allow.

`python -m tests.bench.statements` loads 20,000 threads with 200,000 posts once, prints a table
with the CPU time in the process (on SQLite, or where DATABASES says), and exits 1 when a page
needs too many. With DATA_DIR or DATABASE_URL set it asks that installation instead.
"""

from __future__ import annotations

import os
import subprocess
import sys

from config import ROOT
from tests.bench.databases import SQLITE, Size, opened
from tests.bench.pages import LIST, MEMBER, OTHER, THREAD, VISITOR

MOST = {
    THREAD: {MEMBER: 8, VISITOR: 5},
    LIST: {MEMBER: 8, VISITOR: 8},
    OTHER: {MEMBER: 12, VISITOR: 12},
}
TABLE = "import tests.bench.statements as s; s.sys.exit(s.report())"


def main() -> int:
    if os.environ.get("DATA_DIR") or os.environ.get("DATABASE_URL"):
        return report()
    wrong = 0
    for engine in os.environ.get("DATABASES", SQLITE).split(","):
        with opened(engine, Size()) as database:
            asked = [sys.executable, "-c", TABLE]
            print(engine)
            done = subprocess.run(asked, cwd=ROOT, env=database.environment(), check=False)
            wrong = wrong or done.returncode
    return wrong


def report() -> int:
    """Print the table of the installation in the environment; 1 if a page needs too many."""
    from tests.bench import inside  # here: it starts the application

    on, browsers = inside.engine(), inside.browsers()
    print(f"{'page':24} {'who':8} {'statements':>10} {'allowed':>8} {'CPU ms':>8} {'kept':>8}")
    wrong = []
    for page in inside.all_pages():
        for who in page.who:
            try:
                count, spent = inside.measure(inside.anew(browsers[who], page.path), on)
                _, kept = inside.measure(inside.asking(browsers[who], page.path), on)
            except inside.NoPage as error:
                print(f"{page.name:24} {who:8} {error}", flush=True)
                wrong.append(f"{page.name} as {who}")
                continue
            allowed = MOST[page.kind][who]
            row = f"{page.name:24} {who:8} {count:>10} {allowed:>8} {spent:>8.1f} {kept:>8.1f}"
            print(row, flush=True)
            wrong += [f"{page.name} as {who}"] if count > allowed else []
    too_many = "Too many statements: " + ", ".join(wrong)
    print(too_many if wrong else "Every page is within its limit.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
