from django.apps import AppConfig


class GoalsConfig(AppConfig):
    name = "banso.goals"
    label = "goals"
