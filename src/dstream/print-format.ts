/** The text of `print` (as Spark's Scala API prints) and `pprint` (as its Python API does). */
import { isPlainObject, recordText } from '../sinks/record-text.ts';

const RULE = '-------------------------------------------';

/** How one language writes times and values. */
interface Notation {
  readonly time: (batchTime: number) => string;
  readonly top: (value: unknown) => string;
}

const scala: Notation = { time: (batchTime) => `${batchTime} ms`, top: recordText };
const python: Notation = {
  time: pythonDateTime,
  top: (value) => (typeof value === 'string' ? value : pythonRepr(value)),
};

export function printText(taken: readonly unknown[], num: number, batchTime: number): string {
  return listing(taken, num, batchTime, scala);
}

export function pprintText(taken: readonly unknown[], num: number, batchTime: number): string {
  return listing(taken, num, batchTime, python);
}

/** `taken` holds up to num + 1 records; one more than `num` shows as an ellipsis. */
function listing(taken: readonly unknown[], num: number, batchTime: number, { time, top }: Notation): string {
  const lines = [RULE, `Time: ${time(batchTime)}`, RULE, ...taken.slice(0, num).map(top)];
  if (taken.length > num) lines.push('...');
  return `${lines.join('\n')}\n\n`;
}

function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return pythonString(value);
  if (typeof value === 'number') return pythonNumber(value);
  if (Array.isArray(value)) return `(${value.map(pythonRepr).join(', ')}${value.length === 1 ? ',' : ''})`;
  if (ArrayBuffer.isView(value)) return `[${Array.from(value as unknown as ArrayLike<number>, pythonRepr).join(', ')}]`;
  if (isPlainObject(value)) {
    return `{${Object.entries(value)
      .map(([key, entry]) => `${pythonString(key)}: ${pythonRepr(entry)}`)
      .join(', ')}}`;
  }
  return String(value);
}

function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(/\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return quote + escaped + quote;
}

/** Whole numbers print as Python's `int`; JavaScript has no other way to tell 1 from 1.0. */
function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(value).replace(/e(?<sign>[+-])(?<digit>\d)$/, 'e$<sign>0$<digit>');
}

/** Local time as Python's `str(datetime)`: microseconds only where there are any. */
function pythonDateTime(batchTime: number): string {
  const t = new Date(batchTime);
  const two = (n: number) => String(n).padStart(2, '0');
  const date = `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`;
  const ms = t.getMilliseconds();
  const fraction = ms === 0 ? '' : `.${String(ms).padStart(3, '0')}000`;
  return `${date} ${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}${fraction}`;
}
