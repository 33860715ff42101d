"""Results as a table for a spreadsheet: one line for each answer to one question, never a person's.

What one person said to several questions is nowhere side by side.
"""

from __future__ import annotations

import csv
from typing import TextIO

from app.core.i18n import _
from app.feedback.summing import Results
from app.webinars.exporting import BOM, harmless, separator


def write_results(target: TextIO, results: Results) -> None:
    """What the page shows, and as little. `target` is opened with newline="" as csv wants it."""
    target.write(BOM)
    table = csv.writer(target, delimiter=separator(), quoting=csv.QUOTE_ALL)
    table.writerow([_("Question"), _("Answer"), _("How many")])
    for part in results.parts:
        for bar in part.bars:
            table.writerow([harmless(part.label), harmless(bar.label), bar.count])
        for text in part.texts:
            table.writerow([harmless(part.label), harmless(text), 1])
