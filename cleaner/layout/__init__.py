"""Layout: from lines to articles, with the evidence that rule files hold."""
