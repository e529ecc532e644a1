"""What the pages of barriers, plays and interventions show."""
