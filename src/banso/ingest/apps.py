from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "banso.ingest"
    label = "ingest"
