// `isopix serve` as a process: how it starts, how it ends, and how much memory hostile pictures take.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { parseStepText } from '../../src/parse-steps.js'
import { dist, isopix, node } from '../helpers/command.js'
import { difference } from '../helpers/compare.js'
import { temporaryFolder } from '../helpers/folder.js'
import { makeImage } from '../helpers/images.js'
import { reference } from '../helpers/reference.js'
import { RawClient, bytesOf, decode, encode, head, metric, pngChunk, pngFile, post, until } from '../helpers/server.js'

const folder = temporaryFolder()
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

interface Serving {
  readonly url: string
  readonly pid: number
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  kill(signal: NodeJS.Signals): void
  stderr(): string
}

async function serve(...args: readonly string[]): Promise<Serving> {
  const started = spawn(process.execPath, [join(dist, 'cli/main.js'), 'serve', '--port', '0', '--json', ...args], { cwd: folder })
  children.push(started)
  let [stdout, stderr] = ['', '']
  started.stdout.on('data', (text) => (stdout += text))
  started.stderr.on('data', (text) => (stderr += text))
  const ended = once(started, 'close').then(([code, signal]) => ({ code, signal }))
  await until(() => stdout.includes('\n') || started.exitCode !== null)
  if (started.exitCode !== null) throw new Error(stderr)
  const { url } = JSON.parse(stdout) as { url: string }
  return { url, pid: started.pid as number, ended, kill: (signal) => void started.kill(signal), stderr: () => stderr }
}

const image = makeImage(1200, 900, 4, 'gradient')
/** About a second of work. */
const SLOW = 'median:radius=40'

describe('ending', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s: what is in flight and what waits is answered, then it ends with 0', async (signal) => {
    const { url, kill, ended, stderr } = await serve('--concurrency', '1')
    const png = await encode(image)
    const idle = await RawClient.open(url)
    const responses = [post(url, png, { query: `step=${SLOW}` }), post(url, png, { query: 'step=invert' })]
    await until(async () => (await metric(url, 'isopix_requests_in_flight')) === 1 && (await metric(url, 'isopix_queue_length')) === 1)
    kill(signal)
    await until(async () => {
      try {
        ;(await RawClient.open(url)).hangUp()
        return false
      } catch {
        return true
      }
    })
    const [slow, quick] = await Promise.all(responses)
    expect(difference(await decode(await bytesOf(quick as Response)), await reference(image, parseStepText('invert')))).toBeUndefined()
    expect((slow as Response).status).toBe(200)
    await bytesOf(slow as Response)
    expect(await ended).toEqual({ code: 0, signal: null })
    // A connection on which nothing was ever sent does not hold it.
    await idle.closed
    expect(stderr()).toBe('')
  })

  test('a request on a connection that is open already is refused in words', async () => {
    const { url, kill, ended } = await serve()
    const png = await encode(image)
    const slow = post(url, png, { query: `step=${SLOW}` })
    const client = await RawClient.open(url)
    client.send('GET /healthz HTTP/1.1\r\nhost: test\r\n\r\n')
    await until(() => client.text.includes('{"status":"ok"}'))
    // A part of a request, so that the connection is not idle.
    client.send('POST /v1/apply?step=invert HTTP/1.1\r\n')
    await until(async () => (await metric(url, 'isopix_requests_in_flight')) === 1)
    kill('SIGTERM')
    await until(async () => fetch(`${url}/healthz`).then(() => false, () => true))
    client.send(`host: test\r\ncontent-type: image/png\r\ncontent-length: ${png.length}\r\n\r\n`, png)
    await until(() => client.text.includes('the server is shutting down'))
    expect(client.text).toContain('HTTP/1.1 503')
    expect((await slow).status).toBe(200)
    expect(await ended).toEqual({ code: 0, signal: null })
  })

  test('an answer that is being read is read to its end', async () => {
    const { url, kill, ended } = await serve()
    const noise = makeImage(1500, 1500, 4)
    const body = await encode(noise)
    const client = await RawClient.open(url)
    client.socket.pause()
    client.send(head('/v1/apply?step=invert&format=tiff', body.length), body)
    await until(async () => (await metric(url, 'isopix_pixels_total')) > 0)
    kill('SIGTERM')
    await until(async () => fetch(`${url}/healthz`).then(() => false, () => true))
    client.socket.resume()
    await client.closed
    const answer = Buffer.from(client.text, 'latin1')
    const start = answer.indexOf('\r\n\r\n') + 4
    expect(difference(await decode(answer.subarray(start)), await reference(noise, parseStepText('invert')))).toBeUndefined()
    expect(await ended).toEqual({ code: 0, signal: null })
  })

  test('a request that never arrives does not hold it for ever', async () => {
    const { url, kill, ended } = await serve('--timeout', '1')
    const client = await RawClient.open(url)
    client.send(head('/v1/apply?step=invert', 1000), 'abc')
    await until(async () => (await metric(url, 'isopix_requests_inside')) === 1)
    kill('SIGTERM')
    expect(await ended).toEqual({ code: 0, signal: null })
    await client.closed
    expect(client.text).toContain('HTTP/1.1 408')
  })

  test('a second signal ends it at once', async () => {
    const { url, kill, ended } = await serve()
    const slow = post(url, await encode(image), { query: `step=${SLOW}&step=${SLOW}&step=${SLOW}&step=${SLOW}` }).catch(() => 'cut off')
    await until(async () => (await metric(url, 'isopix_requests_in_flight')) === 1)
    kill('SIGTERM')
    await until(async () => fetch(`${url}/healthz`).then(() => false, () => true))
    kill('SIGTERM')
    expect(await ended).toEqual({ code: 143, signal: null })
    expect(await slow).toBe('cut off')
  })
})

describe('starting', () => {
  test('on this machine alone unless told otherwise', async () => {
    const { url } = await serve()
    expect(new URL(url).hostname).toBe('127.0.0.1')
    const { url: named, kill, ended } = await serve('--host', 'localhost')
    expect((await fetch(`${named}/healthz`)).status).toBe(200)
    kill('SIGTERM')
    expect((await ended).code).toBe(0)
  })

  test('with limits from the command line', async () => {
    const { url } = await serve('--max-bytes', '5000', '--max-pixels', '100', '--max-steps', '1', '--timeout', '5', '--threads', '1', '--backend', 'wasm')
    expect((await post(url, new Uint8Array(5001), { query: 'step=invert' })).status).toBe(413)
    expect((await post(url, await encode(makeImage(11, 10, 3)), { query: 'step=invert' })).status).toBe(413)
    expect((await post(url, await encode(makeImage(10, 10, 3)), { query: 'step=invert&step=invert' })).status).toBe(422)
    expect((await post(url, await encode(makeImage(10, 10, 3)), { query: 'step=invert' })).status).toBe(200)
  })

  test.each([
    [['--port', '70000'], '--port: expected a whole number from 0 to 65535, got "70000"'],
    [['--queue', '-1'], '--queue: expected a whole number from 0 to 100000, got "-1"'],
    [['--concurrency', '0'], '--concurrency: expected a whole number from 1 to 256, got "0"'],
    [['--timeout', 'soon'], '--timeout: expected a whole number from 1 to 3600, got "soon"'],
    [['--max-byte', '5'], 'unknown option --max-byte (did you mean --max-bytes?)'],
    [['--backend', 'cuda'], '--backend: expected one of auto'],
    [['photo.jpg'], 'serve: expected options only, got "photo.jpg"'],
  ])('%s is a mistake', async (args, message) => {
    const { code, stderr } = await isopix(folder, ['serve', ...args])
    expect(stderr).toMatch(/^isopix: [^\n]+\n$/)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const { code, stderr } = await isopix(folder, ['serve', '--port', String(port)])
    expect(stderr).toMatch(new RegExp(`^isopix: cannot listen on 127.0.0.1, port ${port}: .*EADDRINUSE.*\\n$`))
    expect(code).toBe(1)
    other.close()
  })

  test('help', async () => {
    const { code, stdout } = await isopix(folder, ['serve', '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('--max-pixels N')
    expect((await isopix(folder, ['--help'])).stdout).toContain('isopix serve')
  })

  test('without its packages it names them', async () => {
    // A copy of the package far from any node_modules.
    const alone = join(folder, 'alone')
    mkdirSync(alone)
    cpSync(dist, join(alone, 'dist'), { recursive: true })
    cpSync(join(dist, '../package.json'), join(alone, 'package.json'))
    const { code, stderr } = await node(join(alone, 'dist/cli/main.js'), ['serve'], { cwd: alone })
    expect(stderr).toBe(
      'isopix: the server needs fastify, @fastify/multipart, prom-client, sharp; run: npm install fastify @fastify/multipart prom-client sharp\n',
    )
    expect(code).toBe(1)
  })
})

/** The most memory that a process ever had, in bytes. */
const peakBytes = (pid: number): number => 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

test.runIf(process.platform === 'linux')('hostile pictures take no memory', async () => {
  const { url, pid } = await serve()
  await bytesOf(await post(url, await encode(makeImage(300, 300, 4)), { query: 'step=invert' }))
  const before = peakBytes(pid)
  const pixels = deflateSync(Buffer.alloc(41 * 4 * 30))
  const quarter = deflateSync(Buffer.alloc(2 ** 28), { level: 9 })
  const bombs = [
    pngFile(60_000, 60_000, quarter),
    pngFile(40, 30, pixels, pngChunk('zTXt', Buffer.concat([Buffer.from('name\0\0'), quarter]))),
    pngFile(40, 30, pixels, pngChunk('iCCP', Buffer.concat([Buffer.from('name\0\0'), quarter]))),
  ]
  for (const bomb of bombs) expect([200, 413, 422]).toContain((await post(url, bomb, { query: 'step=invert' })).status)
  for (const [width, height] of [[16_384, 16_384], [65_535, 65_535], [1_048_576, 4095]]) {
    const query = `step=resize:width=${width},height=${height}&step=crop:left=0,top=0,width=1,height=1`
    expect((await post(url, await encode(makeImage(30, 30, 4)), { query })).status).toBe(422)
  }
  expect(peakBytes(pid) - before).toBeLessThan(2 ** 27)
})
