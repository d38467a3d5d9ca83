import { InvalidArgumentError } from 'commander';

/** Parsers of option values. What they refuse, commander reports with the option's name. */

export function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

export function wholeNumber(text: string): number {
  const value = finiteNumber(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('Expected a whole number.');
  return value;
}

/** `a,b,c` */
export function names(text: string): readonly string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.includes('')) throw new InvalidArgumentError('Expected names with commas between them.');
  return list;
}

/** `1,2.5,-3` */
export function numbers(text: string): readonly number[] {
  return text.split(',').map(finiteNumber);
}

/** `0,0; 1,1`: points with semicolons between them. */
export function points(text: string): readonly (readonly number[])[] {
  return text.split(';').map(numbers);
}
