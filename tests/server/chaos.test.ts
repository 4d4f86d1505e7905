// Clients of every kind at several times what the server can hold: every answer is right, nothing is lost, nothing is left.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { atRest, prepareChaos, runChaos } from '../../bench/server-chaos.js'
import { dist } from '../helpers/command.js'
import { until } from '../helpers/server.js'

const HOLDS = 6
const ROUND = { clients: 4 * HOLDS, requests: 160, pixels: 120_000 }
/** Two pictures of the largest size with everything that is made of them, and gaps between them. */
const MOST_ARENA_BYTES = 2 ** 24
/** What the process may gain once it has seen everything: an allocator keeps some of what it was given. */
const SPREAD_MIB = 64

test('chaos', { timeout: 300_000 }, async () => {
  const good = await prepareChaos(ROUND.pixels)
  const server = spawn(process.execPath, [join(dist, 'cli/main.js'), 'serve', '--json', '--port', '0', '--concurrency', '2', '--queue', String(HOLDS - 2)])
  try {
    let [stdout, stderr] = ['', '']
    server.stdout.on('data', (text) => (stdout += text))
    server.stderr.on('data', (text) => (stderr += text))
    await until(() => stdout.includes('\n'))
    const { url } = JSON.parse(stdout) as { url: string }

    const rests = []
    for (let seed = 1; seed <= 3; seed++) {
      const { right, refused, busy, hungUp, wrong } = await runChaos({ url, seed, ...ROUND }, good)
      expect(wrong).toEqual([])
      expect(right + refused + busy + hungUp).toBe(ROUND.requests)
      for (const count of [right, refused, busy, hungUp]) expect(count).toBeGreaterThan(0)
      rests.push(await atRest(url))
    }
    const [, before, after] = rests as [unknown, (typeof rests)[0], (typeof rests)[0]]
    expect(after).toMatchObject({ arenaBytesUsed: 0, workers: before.workers })
    expect(after.arenaBytesReserved).toBeLessThan(MOST_ARENA_BYTES)
    expect(after.hungUp, 'some who hung up were inside').toBeGreaterThan(0)
    expect(after.rssMiB - before.rssMiB).toBeLessThan(SPREAD_MIB)

    const ended = once(server, 'close')
    server.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(stderr).toBe('')
  } finally {
    server.kill('SIGKILL')
  }
})
