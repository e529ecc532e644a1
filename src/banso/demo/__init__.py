"""A synthetic company that enters through the same doors as a real one."""
