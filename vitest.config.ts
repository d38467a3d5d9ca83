import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { include: ['src/**'], exclude: ['src/cli/**'] },
    projects: [
      { extends: true, test: { name: 'millrace', include: ['test/**/*.test.ts'], exclude: ['test/kafka/**'] } },
      {
        extends: true,
        test: { name: 'kafka', include: ['test/kafka/**/*.test.ts'], globalSetup: 'test/kafka/broker/global-setup.ts' },
      },
    ],
  },
});
