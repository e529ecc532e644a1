"""What comes in from outside by itself: meetings of a calendar, mail in blind copy."""
