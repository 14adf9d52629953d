"""Pages of results, one module per page: the runs it trains, its tables and its text.

A module's `make(options)` trains what is not trained yet and returns the page. `found` says the result
in words, computed from the tables alone; `page` puts it, the tables and the settings together.
"""
