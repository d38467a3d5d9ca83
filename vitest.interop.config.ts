import { defineConfig } from 'vitest/config';

/** The checks against a real Spark, which take minutes: `npm run interop`. */
export default defineConfig({ test: { include: ['test/interop/*.interop.ts'], testTimeout: 60_000 } });
