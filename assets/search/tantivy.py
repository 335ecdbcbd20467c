# SPDX-License-Identifier: Apache-2.0
"""The index on a laptop: tantivy in a folder, one writer over all processes, any number of readers."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from assets.search.analysis import phrases, tokens

HEAP_BYTES = 50_000_000
TITLE_BOOST = 2.0


class TantivyIndex:
    """Keep tokens of ours in tantivy; its own analysis only splits at blanks."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self._index: Any = None  # tantivy.Index; the library ships no types

    def _schema(self) -> Any:  # tantivy.Schema
        """Describe the fields: the id as it is, title and text as our tokens."""
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("title", tokenizer_name="whitespace")
        builder.add_text_field("text", tokenizer_name="whitespace")
        return builder.build()

    def _open(self) -> Any:  # tantivy.Index
        """Open the folder's index, or start one."""
        import tantivy

        if self._index is None or not self.folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema(), path=str(self.folder))
        return self._index

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Hold the one writer's place over all processes."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with (self.folder.parent / f".{self.folder.name}.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def write(self, *, put: Iterable[tuple[UUID, str, str]], drop: Iterable[UUID]) -> None:
        """Put and drop in one commit."""
        import tantivy

        with self._lock():
            writer = self._open().writer(HEAP_BYTES, 1)
            try:
                for gone in drop:
                    writer.delete_documents_by_term("id", str(gone))
                for asset, title, text in put:
                    writer.delete_documents_by_term("id", str(asset))
                    writer.add_document(tantivy.Document(id=str(asset), title=" ".join(tokens(title)), text=" ".join(tokens(text))))
                writer.commit()
            finally:
                writer.wait_merging_threads()
            self._open().reload()

    def find(self, query: str, *, most: int) -> list[UUID]:
        """Give the ids whose title or text holds every run of the query."""
        import tantivy

        runs = phrases(query)
        if not runs:
            return []
        index = self._open()
        index.reload()
        every = tantivy.Query.boolean_query([(tantivy.Occur.Must, self._run(index.schema, run)) for run in runs])
        searcher = index.searcher()
        hits = searcher.search(every, limit=most, count=False).hits
        return [UUID(searcher.doc(address)["id"][0]) for _score, address in hits]

    @staticmethod
    def _run(schema: Any, run: list[str]) -> Any:  # tantivy.Query
        """Find one run in the text, with more weight in the title."""
        import tantivy

        words: list[str | tuple[int, str]] = [*run]

        def phrase(field: str) -> Any:  # tantivy.Query
            if len(run) == 1:
                return tantivy.Query.term_query(schema, field, run[0])
            return tantivy.Query.phrase_query(schema, field, words)

        title = tantivy.Query.boost_query(phrase("title"), TITLE_BOOST)
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, title), (tantivy.Occur.Should, phrase("text"))])

    def clear(self) -> None:
        """Forget everything."""
        with self._lock():
            self._index = None
            shutil.rmtree(self.folder, ignore_errors=True)
