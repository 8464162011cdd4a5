from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from community.permissions import READ_SCHEMA


class Schema(SpectacularAPIView):
    read = READ_SCHEMA
    throttle_classes = ()


class Docs(SpectacularSwaggerSplitView):
    """The description as a page; its script comes from a URL of its own, as the CSP asks."""

    read = READ_SCHEMA
    throttle_classes = ()
    url_name = "api-schema"
