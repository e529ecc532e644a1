"""Users and grants, activity, jobs, search, localised text, the workspace."""
