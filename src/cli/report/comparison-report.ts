import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { ComparisonSeries, ComparisonSummary } from '../../index.ts';
import { comparisonTable, TABLE_NOTES } from './comparison-table.ts';
import { escaped, htmlPage, htmlTable } from './html-page.ts';

export interface ComparisonReport {
  readonly title: string;
  /** One paragraph: what was compared, on which stream. */
  readonly about: string;
  readonly summary: ComparisonSummary;
  readonly series: ComparisonSeries;
  /** Name and value of what else the run showed. */
  readonly figures: readonly (readonly [name: string, value: string])[];
}

/** Writes `comparison.svg` and the self-contained `report.html` into a directory; returns their paths. */
export async function writeComparisonReport(
  directory: string,
  report: ComparisonReport,
): Promise<{ readonly plot: string; readonly page: string }> {
  // Loaded for whoever wants a report: to draw takes packages that take longer to load than all others.
  const { comparisonPlot } = await import('./comparison-plot.ts');
  const { series, summary } = report;
  const { changes } = summary;
  const costs = comparisonPlot({ series, changes, figure: 'cost', label: 'prequential cost a row' });
  const movements = comparisonPlot({
    series,
    changes,
    figure: 'movement',
    label: 'movement of the learned values a batch',
  });
  const plot = path.join(directory, 'comparison.svg');
  const page = path.join(directory, 'report.html');
  await fs.mkdir(directory, { recursive: true });
  await fs.writeFile(plot, costs);
  await fs.writeFile(page, pageOf(report, costs, movements));
  return { plot, page };
}

function pageOf({ title, about, summary, figures }: ComparisonReport, costs: string, movements: string): string {
  const { changes } = summary;
  const changed =
    changes.length === 0 ? 'No change of level was found.' : `The stream changed at batch ${changes.join(', ')}.`;
  const body = `<p>${escaped(about)} ${escaped(changed)}</p>
<h2>Which setting suits this stream</h2>
${htmlTable(comparisonTable(summary))}
${TABLE_NOTES.map((note) => `<small>${escaped(note)}</small><br>`).join('\n')}
<h2>Cost over time</h2>
${costs}
<p class="note">Thin lines: each batch. Thick lines: the median of nine. Dashed: where the stream changed. Spikes above the 98th percentile are cut.</p>
<h2>How much the learned values move</h2>
${movements}
<h2>The run</h2>
${htmlTable({ header: ['figure', 'value'], rows: figures.map((pair) => [...pair]) })}`;
  return htmlPage(title, body);
}
