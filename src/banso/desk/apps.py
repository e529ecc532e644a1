from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "banso.desk"
    label = "desk"
