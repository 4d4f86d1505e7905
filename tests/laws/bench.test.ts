// One iteration of every part of the benchmark, so that they go on working.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, expect, test } from 'vitest'
import { filters } from '../../src/filters/index.js'
import { temporaryFolder } from '../helpers/folder.js'

const outfile = 'build/bench-smoke.mjs'
const folder = temporaryFolder()

beforeAll(() => build({ entryPoints: ['bench/run.ts'], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external', conditions: ['isopix-source'] }))

test('every part of the benchmark runs and writes what it found', () => {
  const json = join(folder, 'bench.json')
  const { status, stdout, stderr } = spawnSync(process.execPath, [outfile, '--smoke', '--section', 'all', '--peers', 'all', '--json', json], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  const { sections } = JSON.parse(readFileSync(json, 'utf8'))
  expect(stdout).toContain('geometric mean')
  // On inline and threaded wasm, resident and not, and on the reference, at the least.
  expect(sections.filters.rows.length).toBeGreaterThanOrEqual(5 * filters.length)
}, 300_000)
