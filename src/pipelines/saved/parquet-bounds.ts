/**
 * Whether columns of a Parquet file hold what they claim, before they are decoded: a few bytes can claim any number of values. What
 * passes takes memory in proportion to its values, and those are counted here, one page after another.
 */
import type { ColumnChunk, ColumnMetaData, FileMetaData } from 'hyparquet';
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getSchemaPath } from 'hyparquet/src/schema.js';
import { bodyOf, endOfSized, type Page, pagesOf, runsOf } from './parquet-pages.ts';

/** Values of all columns of a model. */
const MAX_VALUES = 2 ** 26;

/** Of models. */
const ENCODINGS: readonly unknown[] = ['PLAIN', 'PLAIN_DICTIONARY', 'RLE_DICTIONARY', 'RLE'];

/** Throws `Error` where the file claims more than it holds, or is encoded in a way that models are not. Cost: O(file). */
export function checkBounds(buffer: ArrayBuffer, metadata: FileMetaData): void {
  let left = MAX_VALUES;
  let rows = 0n;
  for (const { columns, num_rows: groupRows } of metadata.row_groups) {
    rows += groupRows;
    for (const column of columns) {
      const { meta, from, size } = placeOf(column);
      const values = valuesIn(new Uint8Array(buffer, from, size), metadata, meta, left, ENCODINGS);
      if (groupRows < 0n || BigInt(values) < groupRows) throw new Error(`${groupRows} rows, but ${values} values`);
      left -= values;
    }
  }
  if (rows !== metadata.num_rows) throw new Error(`${metadata.num_rows} rows, but ${rows} in its groups`);
}

/** Where the bytes of a column are. Throws `Error` where it does not say. */
export function placeOf({ meta_data: meta }: ColumnChunk) {
  if (meta === undefined) throw new Error('a column without metadata');
  const from = Number(meta.dictionary_page_offset || meta.data_page_offset);
  return { meta, from, size: Number(meta.total_compressed_size) };
}

/** How many values the pages of a column hold. Throws `Error` for more than `limit`, or for other encodings than these, if any are said. */
export function valuesIn(
  bytes: Uint8Array,
  { schema }: FileMetaData,
  meta: ColumnMetaData,
  limit: number,
  encodings?: readonly unknown[],
): number {
  const path = getSchemaPath(schema, meta.path_in_schema);
  const levels = [getMaxRepetitionLevel(path), getMaxDefinitionLevel(path)] as const;
  let values = 0;
  for (const page of pagesOf(bytes)) {
    if (encodings && !encodings.includes(page.encoding)) throw new Error(`the encoding ${page.encoding}`);
    if (page.values > limit) throw new Error(`a page of ${page.values} values`);
    checkPage(page, meta, levels);
    if (!page.isDictionary) values += page.values;
    if (values > limit) throw new Error(`more than ${limit} values`);
  }
  return values;
}

/** Follows the runs of levels and of places in the dictionary. */
function checkPage(page: Page, { codec, type }: ColumnMetaData, maxLevels: readonly [number, number]): void {
  const { values, content, levels } = page;
  const body = bodyOf(page, codec);
  if (page.isDictionary) {
    checkDictionary(page, body);
    return;
  }
  let at = 0;
  if (levels !== undefined) {
    const [maxRepetition, maxDefinition] = maxLevels;
    const [repetition, definition] = levels;
    if (maxRepetition > 0) checkLevels(content, 0, repetition, bitWidth(maxRepetition), values);
    if (maxDefinition > 0) checkLevels(content, repetition, repetition + definition, bitWidth(maxDefinition), values);
  } else {
    for (const most of maxLevels) {
      if (most === 0) continue;
      const to = endOfSized(body, at);
      checkLevels(body, at + 4, to, bitWidth(most), values);
      at = to;
    }
  }
  checkEncoded(page.encoding, body.subarray(at), values, type === 'BOOLEAN');
}

/** Throws `Error` where there are more values than bits: each takes one at least. */
export function checkDictionary({ values }: Page, body: Uint8Array): void {
  if (values > body.length * 8) throw new Error(`a dictionary of ${values} values in ${body.length} bytes`);
}

/** Throws `Error` where runs of `values` numbers claim more; other encodings than runs are read from bytes that are there. */
export function checkEncoded(encoding: unknown, bytes: Uint8Array, values: number, isBoolean: boolean): void {
  if (encoding === 'RLE') {
    if (!isBoolean) throw new Error('runs of what is not true or false');
    const to = endOfSized(bytes, 0);
    if (to !== bytes.length) throw new Error('runs that end before their page');
    countRuns(bytes, 4, to, 1, values);
  } else if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
    const width = bytes[0] ?? 0;
    if (width > 32) throw new Error(`places of ${width} bits`);
    if (width > 0) countRuns(bytes, 1, bytes.length, width, values);
  }
}

/** Runs of one level for each value. */
function checkLevels(bytes: Uint8Array, from: number, to: number, width: number, values: number): void {
  const seen = countRuns(bytes, from, to, width, values);
  if (seen < values) throw new Error(`levels of ${seen} values, not ${values}`);
}

function countRuns(bytes: Uint8Array, from: number, to: number, width: number, values: number): number {
  let seen = 0;
  for (const { count } of runsOf(bytes, from, to, width, values)) seen += count;
  return seen;
}

function bitWidth(value: number): number {
  return 32 - Math.clz32(value);
}
