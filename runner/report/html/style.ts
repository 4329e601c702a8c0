/** The page's style sheet: light, dark, a phone, paper. Colours keep a contrast of 4.5 to 1 for text. */
export const STYLE = `
:root {
  --paper: #ffffff; --raised: #f6f7f9; --ink: #16181d; --muted: #59616e; --line: #dfe3e8; --grid: #e8ebef;
  --accent: #1d5fd1; --good: #14733b; --good-bg: #e4f4ea; --bad: #b42318; --bad-bg: #fdeceb;
  --warn: #8a5300; --warn-bg: #fff3dc;
  --series-1: #1d5fd1; --series-2: #c4620a; --series-3: #0b7a6b; --series-4: #8430c9; --series-5: #c22a6d; --series-6: #7c8798;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12151a; --raised: #1b1f26; --ink: #e8eaee; --muted: #a0a8b5; --line: #2e343d; --grid: #2a3038;
    --accent: #7aa8ff; --good: #6dd79a; --good-bg: #12301f; --bad: #ff8f85; --bad-bg: #3a1715;
    --warn: #f5c265; --warn-bg: #35280f;
    --series-1: #6ea2ff; --series-2: #f0993e; --series-3: #3fc4b0; --series-4: #c08bf2; --series-5: #f27fb0; --series-6: #96a1b2;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", "DejaVu Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 24px 0; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: .875em; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 8px 12px; z-index: 2; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.verdict { border-left: 8px solid var(--tone); background: var(--tone-bg); padding: 20px 24px; border-radius: 8px; }
.passed { --tone: var(--good); --tone-bg: var(--good-bg); }
.breached, .invalid { --tone: var(--bad); --tone-bg: var(--bad-bg); }
.interrupted { --tone: var(--warn); --tone-bg: var(--warn-bg); }
.verdict h1 { margin: 0; font-size: 2.5rem; line-height: 1.15; letter-spacing: .01em; color: var(--tone); }
.verdict p { margin: 4px 0 0; }
.kicker { font-size: .9rem; color: var(--muted); }
.verdict .kicker { margin: 0 0 4px; }
.sentence { font-size: 1.2rem; }
.missed { margin: 8px 0 0; padding-left: 20px; }
.run { color: var(--muted); font-size: .9rem; overflow-wrap: anywhere; }
.verdict .run { margin-top: 12px; }
.banner { margin: 16px 0 0; padding: 12px 16px; border: 1px solid var(--warn); background: var(--warn-bg); color: var(--warn); border-radius: 8px; }
nav { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 10px 0; margin: 16px 0 0; background: var(--paper); border-bottom: 1px solid var(--line); font-size: .9rem; }
nav a { text-decoration: none; white-space: nowrap; }
nav a:hover { text-decoration: underline; }
section { padding-top: 28px; scroll-margin-top: 40px; }
h2 { font-size: 1.35rem; margin: 0 0 4px; }
h3 { font-size: 1rem; margin: 0 0 4px; }
.lead { margin: 0 0 12px; color: var(--muted); max-width: 75ch; }
.note { margin: 6px 0 0; color: var(--muted); font-size: .82rem; }
.muted { color: var(--muted); }
.ok { color: var(--good); font-weight: 600; white-space: nowrap; }
.bad { color: var(--bad); font-weight: 600; white-space: nowrap; }
.whole { white-space: nowrap; }
.scroll { overflow-x: auto; margin: 0 0 16px; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; min-width: 60%; }
caption { text-align: left; font-weight: 600; padding: 8px 0 4px; }
th, td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; text-align: left; }
th:last-child, td:last-child { padding-right: 4px; }
thead th { color: var(--muted); font-weight: 500; white-space: nowrap; }
tbody th { font-weight: 500; white-space: nowrap; }
tbody th .muted { white-space: normal; }
.r { text-align: right; }
td.r { white-space: nowrap; }
small { font-size: .82em; }
.bar { display: inline-block; width: 110px; height: 9px; border-radius: 5px; background: var(--grid); overflow: hidden; vertical-align: middle; }
.bar i { display: block; height: 100%; min-width: 2px; background: var(--good); }
.bar i.bad { background: var(--bad); }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 16px; margin: 0 0 16px; }
figure { margin: 0; padding: 12px 12px 8px; background: var(--raised); border: 1px solid var(--line); border-radius: 8px; min-width: 0; break-inside: avoid; }
figcaption { font-weight: 600; font-size: .95rem; overflow-wrap: anywhere; }
figure svg { display: block; width: 100%; height: auto; color: var(--ink); overflow: visible; }
figure svg text { fill: var(--muted); }
.key { display: flex; flex-wrap: wrap; gap: 2px 14px; list-style: none; margin: 2px 0 4px; padding: 0; font-size: .82rem; color: var(--muted); }
.key i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 5px; vertical-align: -1px; }
details { margin: 6px 0 0; font-size: .85rem; }
summary { cursor: pointer; color: var(--accent); }
figure table { min-width: 100%; font-size: .82rem; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(360px, 100%), 1fr)); gap: 8px 40px; }
.columns ul { margin: 0; padding-left: 20px; }
.tag { font-size: .7rem; font-weight: 600; letter-spacing: .04em; color: var(--warn); white-space: nowrap; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(360px, 100%), 1fr)); gap: 4px 40px; margin: 8px 0 16px; font-size: .9rem; }
.facts div { display: grid; grid-template-columns: 130px 1fr; gap: 10px; padding: 4px 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.hash { overflow-wrap: anywhere; font-size: .78em; }
pre { margin: 8px 0; padding: 12px 14px; background: var(--raised); border: 1px solid var(--line); border-radius: 8px; overflow-x: auto; }
.command { white-space: pre-wrap; overflow-wrap: anywhere; }
footer { max-width: 1180px; margin: 32px auto 0; padding: 16px 24px 32px; color: var(--muted); font-size: .85rem; }
@media (max-width: 640px) {
  main { padding: 12px 14px 0; }
  .verdict { padding: 14px 16px; }
  .verdict h1 { font-size: 2rem; }
  nav { position: static; }
  table { font-size: .8rem; }
  th, td { padding-right: 9px; }
  .word { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .bar { width: 44px; }
  .facts div { grid-template-columns: 110px 1fr; }
}
@media print {
  :root { --paper: #fff; --raised: #fff; --ink: #000; --muted: #444; --line: #bbb; --grid: #ddd; --accent: #003a9b;
    --good: #0b5c2c; --good-bg: #fff; --bad: #a11208; --bad-bg: #fff; --warn: #704300; --warn-bg: #fff;
    --series-1: #1d5fd1; --series-2: #c4620a; --series-3: #0b7a6b; --series-4: #8430c9; --series-5: #c22a6d; --series-6: #7c8798; }
  @page { margin: 14mm; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  nav, .skip, figure details { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .grid { grid-template-columns: repeat(2, 1fr); gap: 10px; }
  .whole { white-space: nowrap; }
.scroll { overflow: visible; }
  table { font-size: 8pt; }
  h2, h3, caption, .lead { break-after: avoid; }
  tr, .lead { break-inside: avoid; }
}
`;
