import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The sources need the kernels that a build makes.
    globalSetup: ['src/numeric/assembly/compile.mjs'],
    coverage: { include: ['src/**'], exclude: ['src/cli/**', 'src/numeric/assembly/**'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'millrace',
          include: ['test/**/*.test.ts'],
          exclude: ['test/kafka/*.test.ts', 'test/kafka/broker/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'kafka',
          include: ['test/kafka/*.test.ts', 'test/kafka/broker/**/*.test.ts'],
          globalSetup: 'test/kafka/broker/global-setup.ts',
        },
      },
    ],
  },
});
