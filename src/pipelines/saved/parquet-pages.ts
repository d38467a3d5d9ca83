/** The pages of a column of a Parquet file, each of which must be there whole: a few bytes can claim any size. */
import type { CompressionCodec, PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { compressors } from 'hyparquet-compressors';

/** Of a page when it is not compressed: all algorithms together shrink no more than that, or the file is made to harm. */
const MAX_RATIO = 2000;
const MAX_PAGE_BYTES = 2 ** 29;

export interface Page {
  /** How many values it has, nulls among them. */
  readonly values: number;
  readonly encoding: unknown;
  readonly isDictionary: boolean;
  /** As it is in the file. */
  readonly content: Uint8Array;
  readonly header: PageHeader;
  /** Where levels stand apart from the values: how many bytes of repetition levels, then of definition levels, come first. */
  readonly levels: readonly [repetition: number, definition: number] | undefined;
}

/** The pages of a column, one after another. Throws `Error` where one is cut off, or claims too much. */
export function* pagesOf(bytes: Uint8Array): Generator<Page> {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
  while (reader.offset < bytes.length) {
    const header = parquetHeader(reader);
    const { compressed_page_size: size, uncompressed_page_size: whole } = header;
    const content = bytes.subarray(reader.offset, reader.offset + size);
    const isThere = size >= 0 && content.length === size;
    if (!(isThere && whole >= 0 && whole <= Math.min(MAX_PAGE_BYTES, 64 + size * MAX_RATIO))) {
      throw new Error(`a page of ${size} bytes that claims ${whole}`);
    }
    yield pageOf(header, content);
    reader.offset += size;
  }
}

/** The bytes of a page's values, and of its levels unless they stand apart. */
export function bodyOf({ header, content, levels }: Page, codec: CompressionCodec): Uint8Array {
  const apart = levels === undefined ? 0 : levels[0] + levels[1];
  const packed = content.subarray(apart);
  if (header.data_page_header_v2?.is_compressed === false) return packed;
  return decompressPage(packed, header.uncompressed_page_size - apart, codec, compressors);
}

function pageOf(header: PageHeader, content: Uint8Array): Page {
  const { type, data_page_header: v1, data_page_header_v2: v2, dictionary_page_header: words } = header;
  const whole = { header, content, levels: undefined };
  if (type === 'DICTIONARY_PAGE' && words) {
    return { ...whole, values: counted(words.num_values), encoding: words.encoding, isDictionary: true };
  }
  if (type === 'DATA_PAGE' && v1) {
    return { ...whole, values: counted(v1.num_values), encoding: v1.encoding, isDictionary: false };
  }
  if (type !== 'DATA_PAGE_V2' || !v2) throw new Error(`a page of type ${type}`);
  const { num_values: values, num_nulls: numNulls, encoding } = v2;
  const levels = [v2.repetition_levels_byte_length, v2.definition_levels_byte_length] as const;
  if (!(levels[0] >= 0 && levels[1] >= 0 && levels[0] + levels[1] <= content.length)) {
    throw new Error(`levels of ${levels[0]} and ${levels[1]} bytes`);
  }
  if (!(numNulls >= 0 && numNulls <= values)) throw new Error(`${numNulls} nulls of ${values}`);
  return { header, content, values: counted(values), encoding, isDictionary: false, levels };
}

function counted(values: number): number {
  if (values >= 0) return values;
  throw new Error(`a page of ${values} values`);
}

/** Where runs end that begin with their length in bytes. */
export function endOfSized(bytes: Uint8Array, at: number): number {
  const length = at + 4 > bytes.length ? Number.NaN : new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
  if (at + 4 + length <= bytes.length) return at + 4 + length;
  throw new Error('runs that are cut off');
}

/** One number that comes `count` times, or, where `isPacked`, so many numbers from byte `at` on. */
export interface Run {
  readonly count: number;
  readonly isPacked: boolean;
  readonly at: number;
}

/**
 * The runs of numbers of `width` bits between two bytes, up to `values` in all; the last packed one may be filled up to eight. Throws
 * `Error` where one is cut off or claims more.
 */
export function* runsOf(bytes: Uint8Array, from: number, to: number, width: number, values: number): Generator<Run> {
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
    const isPacked = header % 2 === 1;
    const count = Math.floor(header / 2) * (isPacked ? 8 : 1);
    seen += count;
    if (count === 0 || seen > values + (isPacked ? 7 : 0)) throw new Error(`runs of ${seen} values, not ${values}`);
    yield { count, isPacked, at };
    at += isPacked ? (count / 8) * width : Math.ceil(width / 8);
  }
}
