import { StringDecoder } from 'node:string_decoder';

/** A line that is longer, in UTF-16 units, is none: something else than lines is being sent. */
const MAX_LINE_LENGTH = 64 * 1024 * 1024;

/**
 * Lines of UTF-8 text that end in `\n` or `\r\n`, as they come. What stands after the last line feed is a line too or, with
 * `breaksOff: 'refused'`, an error.
 */
export async function* textLines(
  bytes: AsyncIterable<Uint8Array>,
  { breaksOff }: { readonly breaksOff: 'a line' | 'refused' },
): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  let unfinished = '';
  for await (const chunk of bytes) {
    const [first = '', ...others] = decoder.write(chunk as Buffer).split('\n');
    const lines = [unfinished + first, ...others];
    unfinished = lines.pop()!;
    if (unfinished.length > MAX_LINE_LENGTH) throw new Error(`a line is longer than ${MAX_LINE_LENGTH}`);
    yield lines.map(withoutCarriageReturn);
  }
  unfinished += decoder.end();
  if (unfinished === '') return;
  if (breaksOff === 'refused') throw new Error('the connection broke off in the middle of a line');
  yield [withoutCarriageReturn(unfinished)];
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
