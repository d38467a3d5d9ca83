import * as millrace from '../../src/index.ts';

/** Names of the exported classes that have all these methods, their own or inherited. */
export function exportedWith(...methods: readonly string[]): string[] {
  return Object.entries(millrace)
    .filter(([, value]) => {
      const { prototype } = value as { prototype?: object };
      return prototype !== undefined && methods.every((method) => method in prototype);
    })
    .map(([name]) => name)
    .sort();
}
