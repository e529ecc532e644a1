"""Contacts, next steps, and what a person set aside."""
