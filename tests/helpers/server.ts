// The server on a port of its own, and clients for it, well-behaved and other.
import { type Socket, connect } from 'node:net'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { type Engine, createEngine } from '../../src/engine.js'
import type { Image } from '../../src/image.js'
import type { Apply } from '../../src/server/apply.js'
import { type ServerOptions, createServer } from '../../src/server/server.js'

export interface TestServer {
  readonly url: string
  readonly engine: Engine
  /** Errors that were no client's doing. */
  readonly errors: readonly unknown[]
  close(): Promise<void>
}

/** Starts a server with small limits. `wrap` may put something around the engine's `apply`. */
export async function startServer(
  options: Partial<ServerOptions> = {},
  wrap: (apply: Apply) => Apply = (apply) => apply,
): Promise<TestServer> {
  const engine = await createEngine({ threads: 2, gpu: false })
  const errors: unknown[] = []
  const server = await createServer({
    engine: { apply: wrap((image, steps, call) => engine.apply(image, steps, call)), stats: () => engine.stats() },
    maxBytes: 2 ** 22,
    maxPixels: 4_000_000,
    maxSteps: 8,
    concurrency: 2,
    queue: 32,
    timeoutSeconds: 30,
    version: '0.0.0-test',
    onError: (error) => errors.push(error),
    ...options,
  })
  const url = await server.listen('127.0.0.1', 0)
  return {
    url,
    engine,
    errors,
    async close() {
      await server.close()
      await engine.close()
    },
  }
}

/** The bytes of a picture file, lossless unless the format is not. */
export function encode({ width, height, channels, data }: Image, format: 'png' | 'jpeg' | 'webp' | 'tiff' | 'gif' | 'avif' = 'png'): Promise<Buffer> {
  const picture = sharp(data, { raw: { width, height, channels } })
  if (channels === 1) picture.toColourspace('b-w')
  if (format === 'webp') picture.webp({ lossless: true, exact: true })
  return picture.toFormat(format, format === 'tiff' ? { compression: 'deflate' } : {}).toBuffer()
}

/** A picture file's pixels as they are. */
export async function decode(bytes: Uint8Array): Promise<Image> {
  const { channels } = await sharp(bytes).metadata()
  const { data, info } = await sharp(bytes).toColourspace(channels < 3 ? 'b-w' : 'srgb').raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: info.channels as 1 | 3 | 4, data: new Uint8ClampedArray(data) }
}

export interface Post {
  /** What stands behind the question mark. */
  readonly query?: string
  readonly type?: string
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

export function post(url: string, body: BodyInit | Uint8Array, { query = '', type = 'image/png', headers = {}, signal }: Post = {}): Promise<Response> {
  const isForm = body instanceof FormData
  return fetch(`${url}/v1/apply?${query}`, {
    method: 'POST',
    body: body as BodyInit,
    headers: { ...(isForm ? {} : { 'content-type': type }), ...headers },
    ...(signal === undefined ? {} : { signal }),
  })
}

export const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer())

/** An answer's status, code and Retry-After; the status alone where it is no problem. */
export async function problemIn(response: Response): Promise<Record<string, unknown>> {
  if (response.headers.get('content-type')?.startsWith('application/problem+json') !== true) return { status: response.status, body: await response.text() }
  const problem = (await response.json()) as Record<string, unknown>
  if (problem['status'] !== response.status) throw new Error(`the problem says ${problem['status']}, the answer ${response.status}`)
  return problem
}

/** A metric without labels, or the sum over all of them. */
export async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].map((match) => Number(match[1]))
  if (values.length === 0) throw new Error(`there is no metric ${name}`)
  return values.reduce((sum, value) => sum + value, 0)
}

/** A connection on which anything can be sent, and what came back so far. */
export class RawClient {
  readonly socket: Socket
  #text = ''
  readonly closed: Promise<void>

  static async open(url: string): Promise<RawClient> {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return new RawClient(socket)
  }

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (bytes) => (this.#text += bytes.toString('latin1')))
    socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
  }

  get text(): string {
    return this.#text
  }

  send(...parts: readonly (string | Uint8Array)[]): void {
    for (const part of parts) this.socket.write(part)
  }

  hangUp(): void {
    this.socket.destroy()
  }
}

/** The first bytes of a request whose body has this length. */
export const head = (path: string, length: number, type = 'image/png'): string =>
  `POST ${path} HTTP/1.1\r\nhost: test\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`

/** Resolves when a condition holds; the test's own time limit ends it where that never is. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** A PNG file of 8 bits with alpha, whatever its packed pixels are; its checksums are right. */
export function pngFile(width: number, height: number, packed: Uint8Array, ...extra: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const chunks = [pngChunk('IHDR', header), ...extra, pngChunk('IDAT', packed), pngChunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks])
}

export function pngChunk(kind: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
