"""Starter rule files, for `cleaner rules new`: each passes `cleaner rules test` as it is."""

from __future__ import annotations

SCHEMA = "cleaner-rules.schema.json"
KINDS = ("text", "pattern", "flag", "role", "join")

HEAD = """\
#:schema ./{schema}
# A rule file for Cleaner. Put your own case in the place of the sample, then
#   cleaner rules test {name}
#   cleaner rules diff - {name} --on pages/
# The guide: docs/writing-rules.md. Shortest examples are best; a good `keeps` is what a careless rule would break.
why = "Rules of our archive."
"""
SAMPLES = {
    "text": """
[[rule]]
id = "our-town-name"
why = "Our engine reads the last character of a ferry town's name as a frame."
tier = "safe"        # safe: always; contextual: where the profile asks for it; suggest: only reported
find = "囗"
before = "渡"        # literals and {classes} parted by blanks; also after, not_before, not_after
after = "镇"
replace = "口"
fixes = [["石渡囗镇的粮仓", "石渡口镇的粮仓"]]
keeps = ["囗部的字", "石渡口镇"]
""",
    "pattern": """
[[rule]]
id = "our-stamp"
why = "The scanning house stamped every page."
tier = "safe"
pattern = '【苇川档案馆扫描[^】]{0,20}】'   # a regular expression; {classes} may stand in it
needs = "【"                                # characters of which one must be there: makes it fast
replace = ""
fixes = [["粮仓【苇川档案馆扫描03】开放", "粮仓开放"]]
keeps = ["【苇川】", "苇川档案馆的扫描件"]
""",
    "flag": """
[[rule]]
id = "our-odd-sign"
why = "Our engine writes this sign where it could not read a character; a person must look."
tier = "suggest"
action = "flag"      # reports the place and changes nothing
find = "◆◆"
replace = '⟦\\g<0>⟧'  # in the examples only: shows the place
fixes = [["粮仓◆◆开放", "粮仓⟦◆◆⟧开放"]]
keeps = ["◆ 粮仓开放"]
""",
    "role": """
[[role]]
id = "our-byline"
role = "byline"      # or title, kicker, subtitle, paragraph, heading, caption, credit, label, jump, furniture
why = "Our paper signs with a leaf."
weight = 9.0         # log-odds; below 0 it speaks against the role
pattern = '^❧\\s*[{han}]{2,4}$'
longest = 12         # cells: a full-width character is 1, a half-width one 0.5
fires = ["❧ 岳筠", "❧楼一鹤"]
silent = ["岳筠", "❧"]
""",
    "join": """
[[evidence]]
id = "our-column-mark"
step = "tear"        # two pieces that a column's end may have cut apart; wrap: two printed lines
why = "Our engine leaves an arrow where a column ends."
weight = 4.0         # log-odds: the weights of all that fires are added, above 0 is joined
end = '→$'           # searched before the boundary; `start` is searched after it
fires = ["价格高出两→⏎成"]
silent = ["价格高出两成。⏎第二天"]
""",
}


def write_starter(kind: str, name: str) -> str:
    """Return the content of a new rule file called `name`, with a sample of a kind of rule."""
    return HEAD.format(schema=SCHEMA, name=name) + SAMPLES[kind]
