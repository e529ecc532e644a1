from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "banso.parties"
    label = "parties"
