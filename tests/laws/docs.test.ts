// The documentation is made by scripts, and is current as far as scripts can tell.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { staleFiles } from '../../scripts/docs/pages.js'
import { runtimesPage } from '../../scripts/docs/runtimes.js'

test('docs/filters.md and the tables in docs/gpu.md, docs/speed.md and README.md are current', async () => {
  expect((await staleFiles()).map(([file]) => file), 'run: npm run docs').toEqual([])
})

test('docs/runtimes.md tells of every runtime, and of no other bytes', () => {
  const page = readFileSync('docs/runtimes.md', 'utf8')
  for (const runtime of ['Node', 'Deno', 'Bun', 'Chrome', 'Firefox', 'WebKitGTK']) expect(page).toMatch(new RegExp(`^\\| ${runtime} [0-9.]+`, 'm'))
  expect(page).not.toContain('**')
  expect(page).toMatch(/^(\d+) of \1 results are identical\.$/m)
})

test('the page of the runtimes shows where bytes differ', () => {
  const page = runtimesPage([{ runtime: 'Other 1.0', rows: [{ place: 'window', rung: 'webgpu', adapter: 'a card', cases: 20, identical: 19 }] }])
  expect(page).toContain('| Other 1.0 | window | WebGPU on a card | **19 of 20** |')
  expect(page).toContain('19 of 20 results are identical.')
})
