/**
 * Whether a Parquet file holds what it claims, before it is decoded: a few bytes of it can claim any number of values. What passes takes
 * memory in proportion to its values, and those are counted here, one page after another.
 */
import type { ColumnChunk, FileMetaData, PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getSchemaPath } from 'hyparquet/src/schema.js';
import { compressors } from 'hyparquet-compressors';

/** Values of all columns. */
const MAX_VALUES = 2 ** 26;

/** Of a page when it is not compressed: all algorithms together shrink no more than that, or the file is no model. */
const MAX_RATIO = 2000;
const MAX_PAGE_BYTES = 2 ** 29;

const ENCODINGS: readonly unknown[] = ['PLAIN', 'PLAIN_DICTIONARY', 'RLE_DICTIONARY', 'RLE'];

/** How a page's values are laid out. */
interface Page {
  readonly values: number;
  readonly encoding: unknown;
  readonly isDictionary: boolean;
}

/** Throws `Error` where the file claims more than it holds, or is encoded in a way that models are not. Cost: O(file). */
export function checkBounds(buffer: ArrayBuffer, metadata: FileMetaData): void {
  let left = MAX_VALUES;
  let rows = 0n;
  for (const { columns, num_rows: groupRows } of metadata.row_groups) {
    rows += groupRows;
    for (const column of columns) {
      const values = valuesIn(buffer, metadata, column, left);
      if (groupRows < 0n || BigInt(values) < groupRows) throw new Error(`${groupRows} rows, but ${values} values`);
      left -= values;
    }
  }
  if (rows !== metadata.num_rows) throw new Error(`${metadata.num_rows} rows, but ${rows} in its groups`);
}

/** How many values the pages of a column hold; at most `limit`. */
function valuesIn(
  buffer: ArrayBuffer,
  { schema }: FileMetaData,
  { meta_data: meta }: ColumnChunk,
  limit: number,
): number {
  if (meta === undefined) throw new Error('a column without metadata');
  const from = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const bytes = new Uint8Array(buffer, from, Number(meta.total_compressed_size));
  const path = getSchemaPath(schema, meta.path_in_schema);
  const levels = [getMaxRepetitionLevel(path), getMaxDefinitionLevel(path)] as const;
  const reader = { view: new DataView(buffer, from, bytes.length), offset: 0 };
  let values = 0;
  while (reader.offset < bytes.length) {
    const header = parquetHeader(reader);
    const page = pageOf(header);
    const size = header.compressed_page_size;
    const content = bytes.subarray(reader.offset, reader.offset + size);
    const whole = header.uncompressed_page_size;
    if (
      !(size >= 0 && content.length === size && whole >= 0 && whole <= Math.min(MAX_PAGE_BYTES, 64 + size * MAX_RATIO))
    ) {
      throw new Error(`a page of ${size} bytes that claims ${whole}`);
    }
    if (!ENCODINGS.includes(page.encoding)) throw new Error(`the encoding ${page.encoding}`);
    if (!(page.values >= 0 && page.values <= limit)) throw new Error(`a page of ${page.values} values`);
    checkPage(header, page, content, meta.codec, levels, meta.type === 'BOOLEAN');
    if (!page.isDictionary) values += page.values;
    if (values > limit) throw new Error(`more than ${MAX_VALUES} values`);
    reader.offset += size;
  }
  return values;
}

function pageOf({
  type,
  data_page_header: v1,
  data_page_header_v2: v2,
  dictionary_page_header: words,
}: PageHeader): Page {
  if (type === 'DICTIONARY_PAGE' && words)
    return { values: words.num_values, encoding: words.encoding, isDictionary: true };
  if (type === 'DATA_PAGE' && v1) return { values: v1.num_values, encoding: v1.encoding, isDictionary: false };
  if (type === 'DATA_PAGE_V2' && v2) return { values: v2.num_values, encoding: v2.encoding, isDictionary: false };
  throw new Error(`a page of type ${type}`);
}

/** Follows the runs of levels and of places in the dictionary. */
function checkPage(
  header: PageHeader,
  { values, encoding, isDictionary }: Page,
  content: Uint8Array,
  codec: Parameters<typeof decompressPage>[2],
  [maxRepetition, maxDefinition]: readonly [number, number],
  isBoolean: boolean,
): void {
  const v2 = header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : undefined;
  const levelBytes = v2 === undefined ? 0 : v2.repetition_levels_byte_length + v2.definition_levels_byte_length;
  if (!(levelBytes >= 0 && levelBytes <= content.length)) throw new Error(`levels of ${levelBytes} bytes`);
  const isCompressed = v2?.is_compressed !== false;
  const packed = content.subarray(levelBytes);
  const body = isCompressed
    ? decompressPage(packed, header.uncompressed_page_size - levelBytes, codec, compressors)
    : packed;
  if (isDictionary) {
    // Each value of a dictionary takes a bit at least.
    if (values > body.length * 8) throw new Error(`a dictionary of ${values} values in ${body.length} bytes`);
    return;
  }
  let at = 0;
  if (v2 !== undefined) {
    const repetitionBytes = v2.repetition_levels_byte_length;
    if (maxRepetition > 0) checkLevels(content, 0, repetitionBytes, bitWidth(maxRepetition), values);
    if (maxDefinition > 0) checkLevels(content, repetitionBytes, levelBytes, bitWidth(maxDefinition), values);
    if (!(v2.num_nulls >= 0 && v2.num_nulls <= values)) throw new Error(`${v2.num_nulls} nulls of ${values}`);
  } else {
    for (const most of [maxRepetition, maxDefinition]) {
      if (most === 0) continue;
      const to = endOfSized(body, at);
      checkLevels(body, at + 4, to, bitWidth(most), values);
      at = to;
    }
  }
  if (encoding === 'PLAIN') return; // each value is read from bytes that are there
  if (encoding === 'RLE') {
    if (!isBoolean) throw new Error('runs of what is not true or false');
    const to = endOfSized(body, at);
    if (to !== body.length) throw new Error('runs that end before their page');
    checkRuns(body, at + 4, to, 1, values);
  } else if (at < body.length) {
    const width = body[at]!;
    if (width > 32) throw new Error(`places of ${width} bits`);
    if (width > 0) checkRuns(body, at + 1, body.length, width, values);
  }
}

/** Where runs end that begin with their length in bytes. */
function endOfSized(bytes: Uint8Array, at: number): number {
  const to =
    at + 4 > bytes.length ? Number.NaN : at + 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
  if (to <= bytes.length) return to;
  throw new Error('runs that are cut off');
}

/** Runs of one level for each value. */
function checkLevels(bytes: Uint8Array, from: number, to: number, width: number, values: number): void {
  const seen = checkRuns(bytes, from, to, width, values);
  if (seen < values) throw new Error(`levels of ${seen} values, not ${values}`);
}

/** Follows runs of at most `values` in all: a number and how many times it comes, or groups of eight packed numbers. Gives how many. */
function checkRuns(bytes: Uint8Array, from: number, to: number, width: number, values: number): number {
  let at = from;
  let seen = 0;
  while (seen < values && at < to) {
    let header = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || factor > 2 ** 28) throw new Error('a run that is cut off');
      header += (byte & 127) * factor;
      if (byte < 128) break;
    }
    const groups = Math.floor(header / 2);
    const isPacked = header % 2 === 1;
    at += isPacked ? groups * width : Math.ceil(width / 8);
    seen += isPacked ? groups * 8 : groups;
    // The last group of packed numbers may be filled up.
    if (groups === 0 || seen > values + (isPacked ? 7 : 0)) throw new Error(`runs of ${seen} values, not ${values}`);
  }
  return seen;
}

function bitWidth(value: number): number {
  return 32 - Math.clz32(value);
}
