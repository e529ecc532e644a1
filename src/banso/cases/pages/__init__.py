"""What the pages of cases and retrospectives show."""
