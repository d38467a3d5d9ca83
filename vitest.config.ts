import { defineConfig } from 'vitest/config';

/** Tests that need a broker. */
const WITH_KAFKA = ['test/kafka/*.test.ts', 'test/kafka/{broker,chaos}/**/*.test.ts'];

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
          exclude: WITH_KAFKA,
        },
      },
      {
        extends: true,
        test: {
          name: 'kafka',
          include: WITH_KAFKA,
          globalSetup: 'test/kafka/broker/global-setup.ts',
        },
      },
    ],
  },
});
