import type { Audit, ExperimentLog, Look } from '../../index.ts';
import { lineOf } from '../abtest/result-text.ts';

/** Every look of an experiment as a person wants to read it, and whether each follows from what it was made from. */
export function experimentText(name: string, { options, looks }: ExperimentLog, audit: Audit): string {
  return [
    `experiment ${name}`,
    `design  ${JSON.stringify(options)}`,
    `audit   ${auditText(audit, looks.length)}`,
    '',
    ...looks.map((look) => `${new Date(look.time).toISOString()}  ${sizesOf(look)}  ${lineOf(look)}`),
  ].join('\n');
}

function auditText({ confirmed, wrong }: Audit, looks: number): string {
  if (wrong === undefined) return `all ${looks} looks follow from the totals that they were made from`;
  return `look ${wrong.look + 1} of ${looks} does not follow from its totals: ${wrong.what.join(', ')}; ${confirmed} before it do`;
}

function sizesOf({ arms }: Look): string {
  return arms.map(({ name, units }) => `${name} ${units}`).join(' ');
}
