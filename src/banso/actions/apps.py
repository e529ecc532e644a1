from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "banso.actions"
    label = "actions"
