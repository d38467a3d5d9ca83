/**
 * The pieces of a text between the matches of a global pattern, as Java cuts: no empty pieces at the end, none before an empty match at
 * the beginning; and a text without a match is one piece, be it empty.
 */
export function splitAt(pattern: RegExp, text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const to = match.index + match[0].length;
    if (to === 0) continue;
    pieces.push(text.slice(from, match.index));
    from = to;
  }
  if (from === 0 && pieces.length === 0) return [text];
  pieces.push(text.slice(from));
  while (pieces.at(-1) === '') pieces.pop();
  return pieces;
}
