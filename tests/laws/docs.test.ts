// The documentation of the filters is made from their definitions, that of GPUs from counts, and both are current.
import { expect, test } from 'vitest'
import { staleFiles } from '../../scripts/docs/pages.js'

test('docs/filters.md and the tables in docs/gpu.md and README.md are current', async () => {
  expect((await staleFiles()).map(([file]) => file), 'run: npm run docs').toEqual([])
})
