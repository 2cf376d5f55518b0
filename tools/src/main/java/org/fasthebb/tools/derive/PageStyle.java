package org.fasthebb.tools.derive;

/** What the style sheet of a derivation has beyond that of reports. */
final class PageStyle {
  static final String CSS =
      """
      :root { --b: #1f5fa8; --n: #a3441c; --s: #2f7a3d; --part: #7b3fa0; --image: #5d6570; }
      @media (prefers-color-scheme: dark) {
        :root { --b: #6fb0f5; --n: #f0a070; --s: #7fd08f; --part: #cf9bf0; --image: #9aa4b0; }
      }
      .axis-b { color: var(--b); } .axis-n { color: var(--n); } .axis-s { color: var(--s); }
      .axis-part { color: var(--part); } .axis-image { color: var(--image); }
      svg .label.axis-b { fill: var(--b); } svg .label.axis-n { fill: var(--n); }
      svg .label.axis-s { fill: var(--s); } svg .label.axis-part { fill: var(--part); }
      svg .label.name { fill: var(--ink); font: 600 13px ui-monospace, Menlo, Consolas, monospace; }
      .figures dt span { margin-right: 0.4rem; font-weight: 600; }
      .figures .layer dd { font-size: 0.95rem; font-weight: 400; }
      .step { margin: 2rem 0 0; padding-left: 1rem; border-left: 3px solid var(--rule); }
      .step h3 { margin: 0 0 0.3rem; font-size: 1rem; overflow-wrap: anywhere; }
      .step .equation { float: right; margin-left: 1rem; color: var(--soft); font-weight: 400; }
      .law { color: var(--soft); font-size: 0.9rem; }
      .step sub { line-height: 0; }
      math { margin: 0.5rem 0; font-size: 1.15rem; }
      math[display="block"] { width: max-content; }
      mtd { padding: 0.15em 0.2em; text-align: left; }
      mtd:first-child { text-align: right; }
      .before { opacity: 0.62; }
      .step pre { white-space: pre; overflow-x: auto; overflow-wrap: normal; }
      pre .shape { color: var(--soft); }
      .boxes { display: flex; flex-wrap: wrap; gap: 0 0.5rem; }
      svg .box { fill: var(--tint); stroke: var(--soft); fill-opacity: 1; stroke-width: 1; }
      svg .box.full { fill: color-mix(in srgb, var(--chance) 35%, var(--paper)); }
      svg .box.top { fill-opacity: 0.75; } svg .box.side { fill-opacity: 0.5; }
      .costs { display: grid; grid-template-columns: max-content 1fr; gap: 0.3rem 1rem; margin: 0.5rem 0; }
      .costs dt { color: var(--soft); font-size: 0.9rem; }
      .costs dd { margin: 0; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
      .bar { display: block; height: 0.5rem; margin: 0.15rem 0 0.2rem; background: var(--tint); border-radius: 3px; }
      .bar span { display: block; height: 100%; background: var(--accent); border-radius: 3px; }
      .failed { color: var(--chance); font-weight: 600; }
      @media (max-width: 30rem) {
        .costs { grid-template-columns: 1fr; gap: 0 0; }
        .costs dt { margin-top: 0.4rem; }
        .step { padding-left: 0.7rem; }
        math { font-size: 1rem; }
        .step pre { padding: 0.6rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        .figures { grid-template-columns: repeat(3, 1fr); gap: 0.5rem; }
        .figures .layer { grid-column: 1 / -1; }
        .figures dd { font-size: 1.2rem; }
      }
      @media print { .step { break-inside: avoid; } }
      """;

  private PageStyle() {}
}
