from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "banso.base"
    label = "base"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.base.roles import ADMINS, MANAGERS
        from banso.base.words import listen

        listen()
        offer(NavItem(_("Staff"), "staff", "users", 80, MANAGERS))
        offer(NavItem(_("Settings"), "settings", "settings", 90, ADMINS))
