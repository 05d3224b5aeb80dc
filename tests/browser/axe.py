"""Asks a page, in the browser that shows it, what somebody could not use."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

SOURCE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
CHANGING = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size", "aria-hidden-focus"]
"""The rules that a theme or a width can break though the page is the same."""

RUN = """async ([type, values]) => {
    const found = await axe.run(document, {
        runOnly: { type, values }, resultTypes: ["violations"], iframes: false,
        preload: { assets: ["media"] }, // none of these rules reads style sheets, which are slow to fetch anew
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


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """WCAG 2.0 to 2.2 at A and AA, and best practice, or only some rules: one line for each element that fails."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SOURCE)
    found: list[str] = page.evaluate(RUN, ["rule", rules] if rules else ["tag", TAGS])
    return found


def small_targets(page: Page) -> list[str]:
    """What is smaller than 24 by 24 pixels though no running text makes it so."""
    found: list[str] = page.evaluate(SMALL)
    return found
