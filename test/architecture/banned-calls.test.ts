import { describe, expect, it } from 'vitest';
import { type SourceFile, sourceFile, sourceFiles } from './source-files.ts';

/** What only the machine's own folder, and the programs on top, may call: all else gets it passed in. */
const BANNED: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Date.now', /\bDate\.now\b/],
  ['new Date()', /\bnew Date(?!\w|\s*\(\s*[^)\s])/],
  ['performance.now', /\bperformance\.now\b/],
  ['Math.random', /\bMath\.random\b/],
  ['setTimeout', /\bsetTimeout\b/],
  ['setInterval', /\bsetInterval\b/],
  ['console', /\bconsole\s*[.[]/],
];

function bannedIn({ name, code }: SourceFile): string[] {
  if (name.startsWith('host/') || name.startsWith('cli/')) return [];
  return BANNED.filter(([, pattern]) => pattern.test(code)).map(([call]) => `${name} calls ${call}`);
}

describe('src outside host and cli', () => {
  it('asks nobody but its caller for the time, for randomness, for a timer or where to print', () => {
    expect(sourceFiles().flatMap(bannedIn)).toEqual([]);
  });
});

describe('this check', () => {
  it.each([
    'const t = Date.now();',
    'const now = Date.now;',
    'new Date()',
    'new Date( )',
    'new Date;',
    'performance.now()',
    'x = Math.random() * 2',
    'setTimeout(f, 10)',
    'setInterval(f, 10)',
    'console.log(1)',
    "console['log'](1)",
  ])('sees %s, but not in a comment, nor in host and cli', (code) => {
    expect(bannedIn(sourceFile('engine/any.ts', `first();\n  ${code}`))).toHaveLength(1);
    expect(bannedIn(sourceFile('engine/any.ts', `// ${code}\n/** ${code} */\n * ${code}`))).toEqual([]);
    expect(bannedIn(sourceFile('host/any.ts', code))).toEqual([]);
    expect(bannedIn(sourceFile('cli/any.ts', code))).toEqual([]);
  });

  it.each(['new Date(batchTime)', 'new DateTime()', 'random.next()', 'clock.now()', 'consoleSink.write()'])(
    'allows %s',
    (code) => {
      expect(bannedIn(sourceFile('engine/any.ts', code))).toEqual([]);
    },
  );
});
