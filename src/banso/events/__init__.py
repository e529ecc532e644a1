"""Sources, outside ids, imports, and filling the event lake."""
