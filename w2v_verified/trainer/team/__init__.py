"""Processes that train one table together."""
