/** report.html: everything of a run on one page that needs no network, the verdict first. */
import { html, raw } from 'hono/html';
import type { Summary } from '../result/summary-schema.ts';
import { deployLoops } from './html/deploy-loops.ts';
import { disclosure } from './html/disclosure.ts';
import type { Html } from './html/elements.ts';
import { environment } from './html/environment.ts';
import { errors } from './html/errors.ts';
import { generator } from './html/generator.ts';
import { head } from './html/head.ts';
import { overTime } from './html/over-time.ts';
import { percentileCurves } from './html/percentile-curves.ts';
import { phases } from './html/phases.ts';
import { samples } from './html/samples.ts';
import { scope } from './html/scope.ts';
import { STYLE } from './html/style.ts';
import { thresholds, tiers } from './html/thresholds.ts';
import { validity } from './html/validity.ts';

/** In the order in which a reader asks: is it good, is it true, what is it of. */
const SECTIONS: [id: string, short: string, render: (summary: Summary) => Html][] = [
  ['thresholds', 'Thresholds', thresholds],
  ['tiers', 'At a glance', tiers],
  ['deploy', 'Deploy loops', deployLoops],
  ['percentiles', 'Percentiles', percentileCurves],
  ['time', 'Over time', overTime],
  ['phases', 'Phases', phases],
  ['arrivals', 'Errors', errors],
  ['generator', 'Generator', generator],
  ['validity', 'Validity', validity],
  ['samples', 'Claims', samples],
  ['scope', 'Scope', scope],
  ['environment', 'Environment', environment],
  ['disclosure', 'Check it', disclosure],
];

/** The whole file. */
export async function reportHtml(summary: Summary): Promise<string> {
  const { run, profile, verdict } = summary;
  const sections = SECTIONS.map(([id, short, render]) => [id, short, render(summary)] as const).filter(
    ([, , content]) => content !== '',
  );
  const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${verdict}: ${profile.name}, ${run.startedAt.slice(0, 10)} – certctl-bench</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#thresholds">To the figures</a>
<main>
${head(summary)}
<nav aria-label="Sections">${sections.map(([id, short]) => html`<a href="#${id}">${short}</a>`)}</nav>
${sections.map(([, , content]) => content)}
</main>
<footer>Run <code>${run.id}</code>. Definitions of every figure: docs/methodology.md of certctl-bench.</footer>
</body>
</html>
`;
  return String(page);
}
