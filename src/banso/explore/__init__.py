"""Any event or metric over time: one question, its picture, its table."""
