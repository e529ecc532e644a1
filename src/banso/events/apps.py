from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "banso.events"
    label = "events"
