// The load test runs: a moment of each of its parts.
import { expect, test } from 'vitest'
import { PEERS, WORKS } from '../../bench/server-peers.js'
import { runBench } from '../helpers/bench.js'

test('the load test measures every server and checks every answer', { timeout: 300_000 }, async () => {
  const { status, stdout, stderr } = await runBench('bench/server.ts', ['--smoke'])
  expect(status, stderr).toBe(0)
  expect(stdout.match(/^.+\d\/s {2}\d+ \d+ ms$/gm)).toHaveLength(PEERS.length * WORKS.length)
  expect(stdout).toContain('every kind of client')
})
