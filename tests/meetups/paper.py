"""What a browser would send of the sheets for agenda and minutes."""


def filled(page, fields):
    """The page's forms as they stand, with `fields` over them."""
    data = {}
    for name in ("items", "recordings", "sessions", "topics"):
        if name in page.context:
            rows = page.context[name]
            data |= _of(rows.management_form)
            for row in rows:
                data |= _of(row)
    return data | _of(page.context["form"]) | fields


def _of(form):
    names = [(form.add_prefix(name), form[name].value()) for name in form.fields]
    return {
        name: _typed(value) for name, value in names if value is not None and value is not False
    }


def _typed(value):
    return value.strftime("%Y-%m-%dT%H:%M") if hasattr(value, "strftime") else value
