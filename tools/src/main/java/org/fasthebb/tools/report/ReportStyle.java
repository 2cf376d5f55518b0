package org.fasthebb.tools.report;

/** The style sheet of a report. */
final class ReportStyle {
  static final String CSS =
      """
      :root {
        color-scheme: light dark;
        --paper: #ffffff; --ink: #1c1f24; --soft: #5d6570; --rule: #dfe3e8; --tint: #f4f6f8;
        --accent: #1f5fa8; --chance: #a3441c;
      }
      @media (prefers-color-scheme: dark) {
        :root {
          --paper: #15181c; --ink: #e4e7eb; --soft: #9aa4b0; --rule: #30363d; --tint: #1d2126;
          --accent: #6fb0f5; --chance: #e8935f;
        }
      }
      * { box-sizing: border-box; }
      body {
        margin: 0 auto; padding: 2.5rem clamp(1rem, 5vw, 1.5rem) 4rem; max-width: 60rem;
        background: var(--paper); color: var(--ink);
        font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
      }
      h1 { margin: 0; font-size: 1.7rem; line-height: 1.25; letter-spacing: -0.01em; }
      h2 {
        margin: 2.8rem 0 0.8rem; padding-top: 0.9rem; border-top: 1px solid var(--rule);
        font-size: 1.15rem;
      }
      p { margin: 0.5rem 0; max-width: 46rem; }
      .lead, figcaption, .note { color: var(--soft); }
      figcaption, .note { font-size: 0.9rem; }
      .figures {
        display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
        gap: 0.8rem; margin: 1.6rem 0 0;
      }
      .figures div { padding: 0.8rem 1rem; background: var(--tint); border-radius: 6px; }
      .figures dt { color: var(--soft); font-size: 0.85rem; }
      .figures dd { margin: 0; font-size: 1.55rem; font-weight: 600; line-height: 1.3; }
      .figures dd + dd { color: var(--soft); font-size: 0.85rem; font-weight: 400; }
      .figures .main dd:first-of-type { color: var(--accent); }
      .figures .low dd:first-of-type { font-weight: 400; }
      .pair {
        display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
        gap: 1.5rem;
      }
      figure { margin: 0; max-width: 29rem; }
      figure svg, figure img { display: block; width: 100%; height: auto; }
      figure img { image-rendering: pixelated; }
      figcaption { margin: 0.2rem 0 0.6rem; }
      figcaption b { color: var(--ink); }
      svg .grid { stroke: var(--rule); stroke-width: 1; }
      svg .axis { stroke: var(--soft); stroke-width: 1; }
      svg .series {
        color: color-mix(in srgb, var(--c) 70%, var(--ink)); fill: currentColor;
        stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round;
      }
      svg polyline { fill: none; }
      svg polygon { fill-opacity: 0.13; stroke: none; }
      svg .hollow { fill: var(--paper); }
      svg .label { fill: var(--soft); font-size: 12.5px; }
      .legend { margin: 0 0 0.3rem; font-size: 0.85rem; }
      .legend span { display: inline-block; margin-right: 1rem; white-space: nowrap; }
      .legend svg { display: inline; width: 28px; margin-right: 0.35rem; vertical-align: -2px; }
      summary { margin-top: 0.4rem; color: var(--soft); font-size: 0.9rem; cursor: pointer; }
      table { width: 100%; border-collapse: collapse; font-size: 0.93rem; }
      th, td {
        padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid var(--rule);
        text-align: left; vertical-align: top;
      }
      thead th { color: var(--soft); font-weight: 500; }
      tbody th { font-weight: 400; white-space: nowrap; }
      .facts th { width: 11rem; color: var(--soft); }
      .facts td { overflow-wrap: anywhere; }
      .numbers td { white-space: nowrap; font-variant-numeric: tabular-nums; }
      .scroll { overflow-x: auto; }
      figure + .scroll, .scroll + figure { margin-top: 1.2rem; }
      code, pre { font: 0.88em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
      pre {
        margin: 0 0 0.8rem; padding: 0.7rem 1rem; background: var(--tint); border-radius: 6px;
        white-space: pre-wrap; overflow-wrap: anywhere;
      }
      @media print {
        body { padding: 0; }
        h2 { break-after: avoid; }
        figure, tr { break-inside: avoid; }
        .scroll { overflow: visible; }
        .numbers td { white-space: normal; }
        details::details-content { content-visibility: visible; }
      }
      """;

  private ReportStyle() {}
}
