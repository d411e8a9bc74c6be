"""Rule files that several test files write and spoil."""

RULE = """
[[rule]]
id = "town-name"
why = "The engine reads the town's name wrong."
tier = "safe"
find = "石渡囗"
replace = "石渡口"
fixes = [["石渡囗镇", "石渡口镇"]]
keeps = ["石渡口"]
"""
