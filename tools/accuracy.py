"""Measure Cleaner on the pages with known articles in ../shared/pages, and on the books in fixtures/books, and write
docs/accuracy.md (`just accuracy`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import NamedTuple

from book_accuracy import join_open_lines, write_book_section

import cleaner
from cleaner.decode import decode_bytes
from cleaner.score.figures import Figures, make_figures
from cleaner.score.files import stem
from cleaner.score.measure import measure_page
from cleaner.score.records import Record, parse_record, read_records

ROOT = Path(__file__).parents[1]
PAGES = ROOT.parent / "shared" / "pages"
TARGET = ROOT / "docs" / "accuracy.md"
METHODS = {"Cleaner": "cleaner", "dump as it is": "blocks", "naive rule": "rule"}
COLUMNS = (
    "", "boundary F1 (P / R)", "missed joins", "false joins", "article F1 (right / made / gold)", "title F1",
    "punctuation", "character error rate",
)  # fmt: skip
ENGINES = {"vlm": "gold_vlm", "tess": "gold", "rapid": "gold"}
TITLES = {
    "seeds": "Seeds: three real pages",
    "vlm": "A vision-language model's dumps (block-broken)",
    "tess": "Tesseract's dumps (a line a printed line)",
    "rapid": "RapidOCR's dumps (a line a printed line)",
}
INTRO = """\
# Accuracy

Written by `just accuracy` (tools/accuracy.py) on {date}; do not edit. The measures are those of
[`cleaner score`](cli.md#score), summed over the pages of a group (micro-averaged).

Three things are compared. **Cleaner** is `cleaner clean --format jsonl` with the profile that is used when none is
named. **Dump as it is**: what stands between blank lines is one paragraph, the page is one article. **Naive rule**:
a line that lacks a closing mark is joined with the next one, the page is one article. These two name no titles.

## Which pages

- `seeds`: three dumps of real newspaper pages, their articles put together by hand. Rules were written with these
  pages in view.
- `train_`: invented articles set as multi-column pages, dumped by three engines. Weights that are fitted
  (`cleaner rules fit`) are fitted on these and no others. Their figures say how well the weights fit, no more.
- `dev_`: other invented articles, set the same way. No weight is fitted on them; **they decide** whether a change is
  kept.

## Figures
"""
OUTRO = """\
## What the figures do not show

- Other papers. The invented pages come from one typesetting program: its column widths, furniture and headline forms
  are all there is. Three real pages are too few to say much about real ones.
- A blind test. Changes are kept or dropped by the `dev_` pages, and people look at what goes wrong there. So the
  `dev_` figures are better than those to expect on pages that nobody has looked at.
- Small differences. An article more or less is {step} of article recall on the `dev_` pages of an engine; a title is
  as much.
- How bad a wrong article is. One is right or it is not: at least 95 % of its body in one record, at most 5 % of that
  record's body from elsewhere. One paragraph too many counts as much as a page in a muddle.
- What was never in the dump. Where an engine has read columns across each other, even a perfect cleaner that joined
  and moved whole lines would not reach 1.
- Joins that leave no trace in the gold text: boundaries with furniture, jump lines and credits are not counted.
- Recognition. The character error rate is the engine's plus Cleaner's; Cleaner mends few characters, on purpose.
"""


class Task(NamedTuple):
    """A page to measure: its group, its gold records and its dump."""

    group: tuple[str, str]
    gold: Path
    dump: Path


def find_tasks() -> Iterator[Task]:
    """Yield the pages, group by group."""
    for dump in sorted(PAGES.glob("seeds/*.raw.txt")):
        yield Task(("seeds", ""), dump.with_name(f"{stem(dump)}.gold.jsonl"), dump)
    for engine, folder in ENGINES.items():
        for part in ("dev_", "train_"):
            for gold in sorted(PAGES.glob(f"dev/{folder}/{part}*.jsonl")):
                yield Task((engine, part), gold, PAGES / "dev" / "dumps" / engine / f"{gold.stem}.txt")


def measure(task: Task) -> dict[str, Counter[str]]:
    """Return the counts of each method on a page."""
    text = decode_bytes(task.dump.read_bytes(), str(task.dump)).text
    gold = read_records(task.gold)
    page = cleaner.clean_page(text, source=task.dump.name)
    made = {
        "cleaner": [parse_record(article.to_dict()) for article in page.articles],
        "blocks": [one_article(blocks_of(text))],
        "rule": [one_article(join_open_lines(text).split("\n"))],
    }
    return {method: measure_page(gold, records).counts for method, records in made.items()}


def one_article(paragraphs: list[str]) -> Record:
    """Return a page's paragraphs as one article."""
    return Record(body=tuple(("paragraph", text) for text in paragraphs))


def blocks_of(text: str) -> list[str]:
    """Return what stands between blank lines, the lines of each put together."""
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            blocks[-1].append(line.strip())
        else:
            blocks.append([])
    return ["".join(lines) for lines in blocks if lines]


def format_row(name: str, figures: Figures) -> str:
    """Return a line of a Markdown table."""
    bounds, articles, joins = figures["boundaries"], figures["articles"], figures["joins"]
    cells = [
        name,
        f"{show(bounds['f1'])} ({show(bounds['precision'])} / {show(bounds['recall'])})",
        str(joins["missed"]),
        str(joins["false"]),
        f"{show(articles['f1'])} ({articles['right']} / {articles['made']} / {articles['gold']})",
        show(figures["roles"]["title"]["f1"]),
        show(figures["punctuation"]["exact"]),
        show(figures["characters"]["error_rate"]),
    ]
    return f"| {' | '.join(cells)} |"


def show(value: float | None) -> str:
    """Return a figure with three digits."""
    return "–" if value is None else f"{value:.3f}"


def format_document(totals: dict[tuple[str, str], dict[str, Counter[str]]], books: str) -> str:
    """Return the whole document."""
    parts = [INTRO.format(date=date.today().isoformat())]
    for engine, title in TITLES.items():
        parts.append(f"### {title}\n")
        lines = [f"| {' | '.join(COLUMNS)} |", "|---" + "|--:" * (len(COLUMNS) - 1) + "|"]
        for (name, part), methods in totals.items():
            if name == engine:
                pages = methods["cleaner"]["pages"]
                group = f" on `{part}` ({pages} pages)" if part else f" ({pages} pages)"
                lines += [format_row(label + group, make_figures(methods[key])) for label, key in METHODS.items()]
        parts.append("\n".join(lines) + "\n")
    gold = totals["tess", "dev_"]["cleaner"]["articles gold"]
    return "\n".join([*parts, books, OUTRO.format(step=f"{1 / gold:.3f}")])


def main() -> None:
    """Measure all pages and write the document."""
    if not PAGES.is_dir():
        print(f"no pages with known articles in {PAGES}: {TARGET.name} stays as it is")
        return
    tasks = list(find_tasks())
    totals: dict[tuple[str, str], dict[str, Counter[str]]] = {}
    with ProcessPoolExecutor() as pool:
        for task, counts in zip(tasks, pool.map(measure, tasks), strict=True):
            methods = totals.setdefault(task.group, {method: Counter() for method in counts})
            for method, found in counts.items():
                methods[method].update(found)
        books = write_book_section(pool)
    TARGET.write_text(format_document(totals, books), encoding="utf-8")
    print(f"{len(tasks)} pages, written to {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
