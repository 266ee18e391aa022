"""How Django's forms are drawn: each field in our own template, errors beside it and summed up."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Name it in the setting FORM_RENDERER; `django.forms` must be an installed app."""

    form_template_name = "core/forms/form.html"
    field_template_name = "core/_field.html"
