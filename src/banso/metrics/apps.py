from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "banso.metrics"
    label = "metrics"
