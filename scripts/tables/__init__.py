"""Tables of results, each made by one module: its runs and its page."""
