// Loads the server on loopback: throughput beside servers that use sharp, and clients of every kind at once.
//   npm run bench:server -- [--seconds N] [--connections N,N] [--requests N] [--smoke]
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import sharp from 'sharp'
import { stepText } from '../src/cli/text.js'
import { type AtRest, atRest, prepareChaos, runChaos } from './server-chaos.js'
import { PEERS, type Peer, WORKS, type Work, startPeer } from './server-peers.js'
import { photograph } from './photograph.js'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    connections: { type: 'string', default: '1,8,64' },
    requests: { type: 'string', default: '3000' },
    smoke: { type: 'boolean', default: false },
    peer: { type: 'string' },
    chaos: { type: 'boolean', default: false },
  },
})

const CHAOS_LIMITS = { concurrency: 2, queue: 6 }
/** Clients for each request that the server holds. */
const OVERLOAD = 4
const ROUNDS = 4

if (options.peer === undefined) await main()
else {
  const url = await startPeer(options.peer as Peer, options.chaos ? CHAOS_LIMITS : {})
  process.send?.(url)
  process.once('disconnect', () => process.exit())
}

async function main(): Promise<void> {
  const [seconds, requests, pixels] = options.smoke ? [0.2, 60, 20_000] : [Number(options.seconds), Number(options.requests), 1_000_000]
  console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, which the clients use too; Node ${process.version}, sharp ${sharp.versions['sharp']}`)
  await measure(seconds, options.smoke ? [2] : options.connections.split(',').map(Number))
  await chaos(requests, pixels)
}

async function measure(seconds: number, connections: readonly number[]): Promise<void> {
  const { width, height, data } = photograph(1920, 1080)
  const body = await sharp(data, { raw: { width, height, channels: 4 } }).jpeg({ quality: 85 }).toBuffer()
  console.log(`\n${width} x ${height} JPEG of ${Math.round(body.length / 1024)} KiB in, JPEG out; requests a second, and milliseconds at the 50th and 99th percentile`)
  for (const work of WORKS) {
    console.log(`\n${work.name}\n${'server'.padEnd(22)}${connections.map((count) => `${count} connections`.padStart(27)).join('')}`)
    for (const peer of PEERS) {
      const { url, child } = await start(peer)
      const cells: string[] = []
      for (const count of connections) cells.push(await load(`${url}/v1/apply?${queryOf(work)}`, body, count, seconds))
      console.log(`${peer.padEnd(22)}${cells.map((cell) => cell.padStart(27)).join('')}`)
      await stop(child)
    }
  }
}

function queryOf({ steps }: Work): string {
  return steps.map((step) => `step=${encodeURIComponent(stepText(step))}`).join('&')
}

async function load(url: string, body: Buffer, connections: number, seconds: number): Promise<string> {
  const request = { url, method: 'POST', headers: { 'content-type': 'image/jpeg' }, body } as const
  // The first requests start workers and fill caches.
  await autocannon({ ...request, connections, amount: Math.max(4, connections) })
  const { requests, latency, non2xx, errors } = await autocannon({ ...request, connections, duration: seconds })
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx} refused and ${errors} failed`)
  return `${requests.average.toFixed(1)}/s  ${latency.p50} ${latency.p99} ms`
}

async function chaos(requests: number, pixels: number): Promise<void> {
  const good = await prepareChaos(pixels)
  const clients = OVERLOAD * (CHAOS_LIMITS.concurrency + CHAOS_LIMITS.queue)
  const { url, child } = await start('isopix', '--chaos')
  console.log(`\nevery kind of client: ${clients} at a server that holds ${CHAOS_LIMITS.concurrency + CHAOS_LIMITS.queue}`)
  console.log('round    right  refused  busy (503)  hung up  wrong   RSS MiB  arena used  arena KiB  workers')
  const rests: AtRest[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    const { right, refused, busy, hungUp, wrong } = await runChaos({ url, clients, requests: Math.ceil(requests / ROUNDS), seed: round, pixels }, good)
    const rest = await atRest(url)
    rests.push(rest)
    const cells = [right, refused, busy, hungUp, wrong.length, rest.rssMiB, rest.arenaBytesUsed, rest.arenaBytesReserved / 1024, rest.workers]
    const widths = [9, 9, 12, 9, 7, 10, 12, 11, 9]
    console.log(String(round).padEnd(5) + cells.map((cell, index) => String(cell).padStart(widths[index] as number)).join(''))
    if (wrong.length > 0) throw new Error(wrong.slice(0, 5).join('\n'))
    if (rest.arenaBytesUsed !== 0) throw new Error(`${rest.arenaBytesUsed} bytes of the arena are still used`)
  }
  await stop(child)
}

/** A server in a process of its own: this program again. */
async function start(peer: Peer, ...args: readonly string[]): Promise<{ url: string; child: ChildProcess }> {
  const child = fork(fileURLToPath(import.meta.url), ['--peer', peer, ...args])
  const [url] = (await once(child, 'message')) as [string]
  return { url, child }
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill()
  await ended
}
