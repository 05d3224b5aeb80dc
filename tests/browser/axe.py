"""Asks a page, in the browser that shows it, what somebody could not use."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

SOURCE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RUN = """async tags => {
    const found = await axe.run(document, {
        runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], iframes: false,
    });
    const line = (rule, node) => `${rule.id}: ${node.target}: ${node.failureSummary}`;
    return found.violations.flatMap(rule => rule.nodes.map(node => line(rule, node)));
}"""
SMALL = """() => [...document.querySelectorAll("a, button, summary, select, input, textarea")]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".hp, .ds-sr-only, .ds-skip-link"))
    .filter(one => getComputedStyle(one).display !== "inline")
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24)
    .map(([one, box]) => `${one.outerHTML.slice(0, 120)}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


def violations(page: Page) -> list[str]:
    """WCAG 2.0 to 2.2 at A and AA, and best practice: one line for each element that fails a rule."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SOURCE)
    found: list[str] = page.evaluate(RUN, TAGS)
    return found


def small_targets(page: Page) -> list[str]:
    """What is smaller than 24 by 24 pixels though no running text makes it so."""
    found: list[str] = page.evaluate(SMALL)
    return found
