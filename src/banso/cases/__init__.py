"""What was learned: cases to find and copy, retrospectives, and how long effects take."""
