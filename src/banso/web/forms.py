"""How every form of the product is drawn: label, control, help, error, in that order."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """The FORM_RENDERER; `{{ form }}` and `<c-field :field="form.x" />` draw the same field."""

    form_template_name = "web/form.html"
    field_template_name = "web/field.html"
