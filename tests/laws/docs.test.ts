// The documentation of the filters is made from their definitions, and is current.
import { expect, test } from 'vitest'
import { staleFiles } from '../../scripts/docs/pages.js'

test('docs/filters.md and the table in README.md are current', () => {
  expect(staleFiles().map(([file]) => file), 'run: npm run docs').toEqual([])
})
