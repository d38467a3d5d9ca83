/** Columns of plain values, which most of a table's are, read page by page into whole arrays. */
import type { ColumnMetaData, DecodedArray, Encoding, SchemaTree } from 'hyparquet';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { readDataPage } from 'hyparquet/src/datapage.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { checkDictionary, checkEncoded } from '../saved/parquet-bounds.ts';
import { bodyOf, endOfSized, type Page, pagesOf, runsOf } from '../saved/parquet-pages.ts';

type ColumnDecoder = Parameters<typeof convert>[1];

/** Told of the values of some rows from row `start` on; where some are null, `present` is 1 for the rows that have one of `values`. */
export type TakeValues = (values: DecodedArray, start: number, present?: Uint8Array) => void;

/** Whether a column has one plain value a row, or null. */
export function isFlat({ element, children }: SchemaTree): boolean {
  return children.length === 0 && element.repetition_type !== 'REPEATED';
}

/**
 * Reads a flat column of a group of rows. `bytes`: all its pages. Throws `Error` where they do not hold `rows` values.
 * Cost: O(bytes + rows).
 */
export function readFlatColumn(
  bytes: Uint8Array,
  meta: ColumnMetaData,
  tree: SchemaTree,
  rows: number,
  take: TakeValues,
): void {
  const decoder = decoderOf(meta, tree);
  const isOptional = tree.element.repetition_type === 'OPTIONAL';
  let dictionary: DecodedArray | undefined;
  let start = 0;
  for (const page of pagesOf(bytes)) {
    const body = bodyOf(page, meta.codec);
    if (page.isDictionary) {
      checkDictionary(page, body);
      dictionary = convert(readPlain(readerOf(body), meta.type, page.values, tree.element.type_length), decoder);
      continue;
    }
    if (start + page.values > rows) throw new Error(`more than ${rows} values in column ${tree.element.name}`);
    const { present, encoded, nulls } = isOptional ? levelsOf(page, body) : { encoded: body, nulls: 0 };
    take(valuesOf(page, encoded, page.values - nulls, decoder, dictionary), start, present);
    start += page.values;
  }
  if (start !== rows) throw new Error(`${start} values in column ${tree.element.name}, not ${rows}`);
}

/** As of a column that has no nulls: they are taken out before its values are decoded. */
function decoderOf(meta: ColumnMetaData, tree: SchemaTree): ColumnDecoder {
  const element = { ...tree.element, repetition_type: 'REQUIRED' as const };
  const schemaPath = [
    { ...tree, element },
    { ...tree, element },
  ];
  const { path_in_schema: pathInSchema, type, codec } = meta;
  return { pathInSchema, type, codec, element, schemaPath, parsers: DEFAULT_PARSERS };
}

interface Levels {
  /** Uint8Array[values]: 1 where there is a value. Absent where no row is null. */
  readonly present?: Uint8Array;
  readonly nulls: number;
  /** What follows the levels. */
  readonly encoded: Uint8Array;
}

function levelsOf({ values, levels, content }: Page, body: Uint8Array): Levels {
  if (levels !== undefined) {
    const [from, to] = [levels[0], levels[0] + levels[1]];
    return { ...presence(content, from, to, values), encoded: body };
  }
  const to = endOfSized(body, 0);
  return { ...presence(body, 4, to, values), encoded: body.subarray(to) };
}

/** Which of the rows have a value, from runs of ones and zeros. */
function presence(bytes: Uint8Array, from: number, to: number, values: number): Omit<Levels, 'encoded'> {
  let present: Uint8Array | undefined;
  let row = 0;
  let ones = 0;
  for (const { count, isPacked, at } of runsOf(bytes, from, to, 1, values)) {
    const end = Math.min(values, row + count);
    if (!isPacked && bytes[at] === 1) {
      present?.fill(1, row, end);
      ones += end - row;
    } else {
      present ??= new Uint8Array(values).fill(1, 0, row);
      for (let i = row; isPacked && i < end; i++) {
        const bit = (bytes[at + ((i - row) >> 3)]! >> ((i - row) & 7)) & 1;
        present[i] = bit;
        ones += bit;
      }
    }
    row = end;
  }
  if (row < values) throw new Error(`levels of ${row} values, not ${values}`);
  return { ...(ones < values && { present: present! }), nulls: values - ones };
}

/** `count` values, none of them null. */
function valuesOf(
  page: Page,
  encoded: Uint8Array,
  count: number,
  decoder: ColumnDecoder,
  dictionary: DecodedArray | undefined,
): DecodedArray {
  const encoding = page.encoding as Encoding;
  checkEncoded(encoding, encoded, count, decoder.type === 'BOOLEAN');
  if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
    return lookedUp(encoded, count, dictionary ?? []);
  }
  const level = 'RLE' as const;
  const header = {
    num_values: count,
    encoding,
    definition_level_encoding: level,
    repetition_level_encoding: level,
  };
  const { dataPage } = readDataPage(encoded, header, decoder);
  if (dataPage.length !== count) throw new Error(`${dataPage.length} values in a page, not ${count}`);
  return convert(dataPage, decoder);
}

/** The words of the dictionary at the places that are encoded: their width in bits, then runs of them. */
function lookedUp(encoded: Uint8Array, count: number, dictionary: DecodedArray): DecodedArray {
  const places = new Uint32Array(count);
  const [width = 0] = encoded;
  if (width > 0) readRleBitPackedHybrid(readerOf(encoded, 1), width, places, encoded.length - 1);
  const isNumbers = dictionary instanceof Float64Array;
  const values = isNumbers ? new Float64Array(count) : new Array<unknown>(count);
  for (let i = 0; i < count; i++) {
    const place = places[i]!;
    if (place >= dictionary.length) throw new Error(`place ${place} of a dictionary of ${dictionary.length}`);
    values[i] = dictionary[place];
  }
  return values;
}

function readerOf(bytes: Uint8Array, offset = 0) {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset };
}
