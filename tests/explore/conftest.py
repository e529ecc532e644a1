from tests.metrics.conftest import customer, make_metric, usage

__all__ = ["customer", "make_metric", "usage"]
