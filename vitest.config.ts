import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['isopix-source'] },
  ssr: { resolve: { conditions: ['isopix-source', 'node'] } },
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/helpers/setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Each file starts workers and a GPU device of its own; two cores hold two of them.
    maxWorkers: 2,
    pool: 'forks',
  },
})
