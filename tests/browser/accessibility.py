"""What axe-core finds wrong with a page; it comes with the package axe-playwright-python."""

from axe_playwright_python.sync_playwright import Axe

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def findings(page):
    """Each finding as `rule: the elements it is about`; an accessible page has none."""
    violations = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{page.url} {found['id']}: {[node['target'] for node in found['nodes']]}"
        for found in violations
    ]
