// One iteration of every part of the benchmark, so that they go on working.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Run } from '../../bench/report/run.js'
import type { BackendsData } from '../../bench/sections/backends.js'
import { FAILED, type PeersData } from '../../bench/sections/peers.js'
import { PEERS } from '../../bench/peers/index.js'
import { SECTIONS } from '../../bench/sections/index.js'
import { filters } from '../../src/filters/index.js'
import { runBench } from '../helpers/bench.js'
import { temporaryFolder } from '../helpers/folder.js'

const folder = temporaryFolder()

test('every part of the benchmark runs, and the report shows it', { timeout: 300_000 }, async () => {
  const [json, report] = ['bench.json', 'bench.html'].map((file) => join(folder, file)) as [string, string]
  const args = ['--smoke', '--section', 'all', '--peers', 'all', '--json', json, '--report', report]
  const { status, stdout, stderr } = await runBench('bench/run.ts', args)
  expect(status, stderr).toBe(0)
  expect(stdout).toContain('geometric mean')
  expect(stdout).toMatch(/^no filter slower than native OpenCV +\d+ of \d+/m)
  const { sections } = JSON.parse(readFileSync(json, 'utf8')) as Run
  expect(Object.keys(sections)).toEqual(SECTIONS.map(({ name }) => name))
  const html = readFileSync(report, 'utf8')
  expect(html).toContain('<section id="goals">')
  for (const { name } of SECTIONS) expect(html).toContain(`<section id="${name}">`)

  // On inline and threaded wasm, resident and not, and on the reference, at the least.
  expect((sections['filters'] as BackendsData).rows.length).toBeGreaterThanOrEqual(5 * filters.length)

  const { peers, missing, rows } = sections['peers'] as PeersData
  expect([...peers, ...missing].map(({ name }) => name).sort()).toEqual(PEERS.map(({ name }) => name).sort())
  expect(peers.map(({ name }) => name)).toContain('sharp')
  if (process.env['CI'] || existsSync('/usr/share/doc/python3-opencv')) expect(peers.map(({ name }) => name)).toContain('opencv')
  expect(rows.filter(({ difference }) => difference.startsWith(FAILED))).toEqual([])
  // Its morphology works on bits: another picture, which is said and not timed.
  const erosion = rows.find(({ peer, workload }) => peer === 'sharp' && workload === 'erode 5x5')
  expect(erosion?.difference).toMatch(/^differs by/)
  expect(erosion?.pair).toBeUndefined()
})
