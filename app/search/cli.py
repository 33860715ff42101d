"""flask search …"""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core.db import write
from app.search.indexing import clear, put
from app.search.rebuilding import portion, row_count, sources

group = AppGroup("search", help="What can be found.")


@group.command()
def rebuild() -> None:
    """Build the search index anew. Until it ends, not everything is found."""
    with write():
        clear()
    every = sources()
    with click.progressbar(length=sum(map(row_count, every)), label="Indexing") as bar:
        for source in every:
            after, read = 0, 1
            while read:
                with write():  # reads inside, so that nothing changes between reading and keeping
                    documents, read, after = portion(source, after)
                    put(documents)
                bar.update(read)
    click.echo("The search index is complete.")
