// One iteration of every benchmark, so that they go on working.
import { spawnSync } from 'node:child_process'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { filters } from '../../src/filters/index.js'

test('the benchmark checks and times everything once', async () => {
  const outfile = 'build/bench-smoke.mjs'
  await build({ entryPoints: ['bench/old-run.ts'], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external', conditions: ['isopix-source'] })
  const { status, stdout, stderr } = spawnSync(process.execPath, [outfile, '--smoke'], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  // Every filter and chain on inline and threaded wasm, resident and not, and on the reference, at the least.
  expect(Number(/^(\d+) timings/m.exec(stdout)?.[1])).toBeGreaterThanOrEqual(5 * filters.length)
}, 300_000)
