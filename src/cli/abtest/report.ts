import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Look, SequentialResult } from '../../index.ts';
import { escaped, htmlPage, htmlTable } from '../report/html-page.ts';
import { bayesianTable, resultTable } from './result-text.ts';

/**
 * Writes a plot of the intervals of each metric, `intervals.svg` and, with several, `intervals-2.svg` and so on, and the
 * self-contained `report.html` into a directory; returns their paths.
 */
export async function writeReport(
  directory: string,
  title: string,
  result: SequentialResult,
  notes: readonly string[],
  looks: readonly Look[],
): Promise<{ readonly plots: readonly string[]; readonly page: string }> {
  // Loaded for whoever wants a report: to draw takes packages that take longer to load than all others.
  const { intervalPlot } = await import('./interval-plot.ts');
  const metrics = [...new Set(result.comparisons.map(({ metric }) => metric))];
  const pictures = metrics.map((metric) => intervalPlot(looks, metric));
  const plots = pictures.map((_, i) => path.join(directory, i === 0 ? 'intervals.svg' : `intervals-${i + 1}.svg`));
  const page = path.join(directory, 'report.html');
  await fs.mkdir(directory, { recursive: true });
  for (const [i, picture] of pictures.entries()) await fs.writeFile(plots[i]!, picture);
  await fs.writeFile(page, pageOf(title, result, notes, pictures));
  return { plots, page };
}

function pageOf(
  title: string,
  result: SequentialResult,
  [status, ...notes]: readonly string[],
  pictures: readonly string[],
): string {
  const body = `<style>table { font-size: .88rem; margin: 1rem 0; } th, td { padding: .3rem .6rem; } td + td { white-space: nowrap; }</style>
<p>${escaped(status!)}</p>
${htmlTable(resultTable(result))}
${htmlTable(bayesianTable(result))}
${notes.map((note) => `<p class="note"><small>${escaped(note)}</small></p>`).join('\n')}
<h2>Effect and interval after every look</h2>
${pictures.join('\n')}
<p class="note">Thick lines: the effect. Bands: its always-valid interval; the widest are cut. Dashed: the look that gave the verdict.</p>`;
  return htmlPage(title, body);
}
