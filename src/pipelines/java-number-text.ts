import type { NumericType } from '../batch/schema.ts';

/** A number as Java writes it, which is how Spark makes texts of numbers: 1 as a double is `1.0`, 1e7 is `1.0E7`. */
export function javaNumberText(value: number, type: NumericType): string {
  if (type === 'boolean') return value === 1 ? 'true' : 'false';
  if (type !== 'double' && type !== 'float') return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  const digits = type === 'float' ? shortestFloat(value) : value;
  if (size >= 1e-3 && size < 1e7) return withPoint(String(digits));
  const [mantissa, exponent] = digits.toExponential().split('e');
  return `${withPoint(mantissa!)}E${Number(exponent)}`;
}

function withPoint(text: string): string {
  return text.includes('.') ? text : `${text}.0`;
}

/** The number of the fewest digits that is this one in 32 bits. */
function shortestFloat(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === Math.fround(value)) return shorter;
  }
  return Number(value.toPrecision(9));
}
