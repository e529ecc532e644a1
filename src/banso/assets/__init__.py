"""What know-how is kept in: guides, talk scripts, templates, stories; and their use."""
