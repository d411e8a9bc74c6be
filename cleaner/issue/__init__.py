"""The pages of one issue: which page a text is, and which articles go on from page to page."""
