"""The addresses of this room."""

from django.urls import URLPattern

from banso.assets import help_views, template_views, use_views, views
from banso.base.roles import MANAGERS, NOBODY, READERS, WRITERS
from banso.base.routes import public, staff

urlpatterns: list[URLPattern] = [
    staff("assets/", views.assets, "assets"),
    staff("assets/new/", views.new, "asset-new", read=WRITERS, write=WRITERS),
    staff("assets/<str:uid>/", views.asset, "asset"),
    staff("assets/<str:uid>/edit/", views.edit, "asset-edit", read=WRITERS, write=WRITERS),
    staff("assets/<str:uid>/publish/", views.publish, "asset-publish", read=WRITERS, write=WRITERS),
    staff("assets/<str:uid>/versions/<int:number>/", views.version, "asset-version", write=WRITERS),
    staff(
        "assets/<str:uid>/pictures/",
        views.add_picture,
        "asset-pictures",
        read=NOBODY,
        write=WRITERS,
    ),
    staff("assets/<str:uid>/pictures/<str:name>/", views.picture, "asset-picture"),
    staff("assets/<str:uid>/showings/", views.showings, "asset-showings"),
    staff("assets/<str:uid>/review/", views.review, "asset-review", read=NOBODY, write=WRITERS),
    staff("assets/<str:uid>/ask/", views.ask, "asset-ask", read=NOBODY, write=READERS),
    staff(
        "assets/<str:uid>/audience/", views.audience, "asset-audience", read=NOBODY, write=MANAGERS
    ),
    staff("assets/<str:uid>/retire/", views.retire, "asset-retire", read=NOBODY, write=WRITERS),
    staff(
        "assets/<str:uid>/role-play/", use_views.role_play, "role-play", read=NOBODY, write=WRITERS
    ),
    staff("assets/<str:uid>/recipient/", template_views.recipient, "template-preview"),
    staff(
        "customers/<str:uid>/scripts/",
        use_views.open_script,
        "script-open",
        read=NOBODY,
        write=WRITERS,
    ),
    staff("customers/<str:uid>/assets/", use_views.shown, "customer-assets", write=WRITERS),
    staff("showings/<str:uid>/", use_views.showing, "showing", read=NOBODY, write=WRITERS),
    staff("walkthroughs/<str:uid>/", use_views.walkthrough, "walkthrough", write=WRITERS),
    staff(
        "walkthroughs/<str:uid>/drop/",
        use_views.drop,
        "walkthrough-drop",
        read=NOBODY,
        write=WRITERS,
    ),
    public("help/", help_views.entrance, "help"),
    public("help/<str:language>/", help_views.pages, "help-pages"),
    public("help/<str:language>/<str:uid>/", help_views.page, "help-page"),
    public("help/<str:language>/<str:uid>/<str:name>", help_views.picture, "help-picture"),
]
