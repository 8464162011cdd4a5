"""The lab side: what a node's firmware fetches, in iPXE's own words."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from community.core.errors import ProductError
from community.core.views import Page, client_address
from deploylab.permissions import BOOT
from deploylab.services.tickets import give_boot_script


def _is_lab_side(request: HttpRequest) -> bool:
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in settings.LAB_NETWORKS)


def _text(body: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type="text/plain")
    response["Cache-Control"] = "no-store"
    return response


class Ipxe(Page):
    """Where every node begins: it goes on to the script of its own service tag."""

    access = BOOT

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002 - a view's signature
        return _text(f"#!ipxe\nchain {settings.LAB_SITE_URL}/boot/${{serial}}.ipxe || exit\n")


class BootScript(Page):
    """The boot of one node, with its token: once, and only while it is awaited."""

    access = BOOT

    def get(self, request: HttpRequest, tag: str) -> HttpResponse:
        if not _is_lab_side(request):
            return _text("#!ipxe\necho not here\nexit\n", status=404)
        try:
            script = give_boot_script(tag)
        except ProductError as error:
            return _text(f"#!ipxe\necho {error.sentence}\nexit\n", status=error.status)
        context = {"script": script, "site": settings.LAB_SITE_URL}
        response = render(request, "deploylab/boot.ipxe", context, content_type="text/plain")
        response["Cache-Control"] = "no-store"
        return response
