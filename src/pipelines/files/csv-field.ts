/** What a field of CSV says, and how one is written. */
import { type DataType, isNumeric } from '../../batch/schema.ts';
import { UsageError } from '../../errors.ts';

/** Throws `UsageError` (`wrong-type`) for a column that CSV can't hold. */
export function requireCsvType(name: string, type: DataType): void {
  if (isNumeric(type) || type === 'string') return;
  throw new UsageError('wrong-type', `CSV: column ${name}: CSV holds numbers, texts and truth values, not ${type}`);
}

/** 1 for true, 0 for false; undefined for what is neither. */
export function truthOfField(field: string): number | undefined {
  return /^true$/i.test(field) ? 1 : /^false$/i.test(field) ? 0 : undefined;
}

/** The number of a field; undefined where it is none. */
export function numberOfField(field: string): number | undefined {
  const number = Number(field);
  if (Number.isNaN(number)) {
    const [, sign, word] = /^\s*([+-]?)(nan|inf|infinity)\s*$/i.exec(field) ?? [];
    if (word === undefined) return undefined;
    return /nan/i.test(word) ? number : sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  // JavaScript takes blanks, and 0x10, as numbers, too. Only those that may be such are looked at again.
  const isPlain = number === 0 ? field === '0' : !(field.charCodeAt(1) > NINE);
  return isPlain || !Number.isFinite(number) || /^\s*[+-]?[\d.][\d.eE+-]*\s*$/.test(field) ? number : undefined;
}

/** The code of the last digit; letters come after it. */
const NINE = 57;

/** A text as a field, in quotes where it has to be. */
export function fieldOfText(text: string, delimiter: string): string {
  return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
