// The load test runs: a moment of each of its parts.
import { spawnSync } from 'node:child_process'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { PEERS, WORKS } from '../../bench/server-peers.js'

test('the load test measures every server and checks every answer', { timeout: 300_000 }, async () => {
  const outfile = 'build/bench-server-smoke.mjs'
  await build({ entryPoints: ['bench/server.ts'], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external', conditions: ['isopix-source'] })
  const { status, stdout, stderr } = spawnSync(process.execPath, [outfile, '--smoke'], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  expect(stdout.match(/^.+\d\/s {2}\d+ \d+ ms$/gm)).toHaveLength(PEERS.length * WORKS.length)
  expect(stdout).toContain('every kind of client')
})
