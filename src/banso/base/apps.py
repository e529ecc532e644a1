from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "banso.base"
    label = "base"
