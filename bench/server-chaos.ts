// Clients of every kind at a server, at several times what it can hold: good ones, bad ones, slow ones, some that hang up.
import { connect } from 'node:net'
import sharp from 'sharp'
import { type Image, type Step, createEngine, gaussianBlur, invert, luminance, median, resize, sepia, sobel, unsharpMask } from '../src/index.js'
import { photograph } from './photograph.js'
import { random } from './random.js'

export interface ChaosOptions {
  readonly url: string
  readonly clients: number
  /** Of all clients together. */
  readonly requests: number
  readonly seed: number
  /** Pictures are as large as this at most. */
  readonly pixels: number
}

export interface ChaosReport {
  /** Good requests that were answered with the right bytes. */
  readonly right: number
  /** Bad requests that were refused as they should. */
  readonly refused: number
  /** Requests that were refused with 503 and a time to come again. */
  readonly busy: number
  readonly hungUp: number
  /** What should not be, in words; empty where all is well. */
  readonly wrong: readonly string[]
}

const CHAINS: readonly (readonly Step[])[] = [
  [invert()],
  [gaussianBlur({ sigma: 3 })],
  [resize({ width: 97, height: 61 }), unsharpMask({ sigma: 1.5 })],
  [luminance(), gaussianBlur({ sigma: 2 }), sobel()],
  [sepia(), median({ radius: 2 })],
]
const ASPECTS = [1, 1.5, 0.6]
const SIZES = [0.001, 0.03, 0.3, 1]

interface Good {
  readonly body: Buffer
  readonly expected: Image
}

/** Every picture through every chain, with what the reference makes of it. */
export async function prepareChaos(pixels: number): Promise<readonly Good[]> {
  const engine = await createEngine({ gpu: false, threads: 0 })
  const good: Good[] = []
  for (const [index, steps] of CHAINS.entries()) {
    for (const size of SIZES) {
      const aspect = ASPECTS[index % ASPECTS.length] as number
      const height = Math.max(5, Math.round(Math.sqrt((pixels * size) / aspect)))
      const picture = photograph(Math.max(5, Math.round(height * aspect)), height)
      const png = await sharp(picture.data, { raw: { width: picture.width, height, channels: 4 } }).png({ compressionLevel: 1 }).toBuffer()
      good.push({ body: form(png, steps), expected: await engine.apply(picture, steps, { backend: 'reference' }) })
    }
  }
  await engine.close()
  return good
}

export async function runChaos({ url, clients, requests, seed }: ChaosOptions, good: readonly Good[]): Promise<ChaosReport> {
  const report = { right: 0, refused: 0, busy: 0, hungUp: 0, wrong: [] as string[] }
  const next = random(seed)
  const bad = badRequests(good)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T
  let left = requests

  const one = async (): Promise<void> => {
    const kind = next()
    if (kind < 0.6) await sendGood(pick(good))
    else if (kind < 0.8) await sendBad(pick(bad))
    else if (kind < 0.95) await hangUp(pick(good).body, Math.floor(next() * 300))
    else await halfBody(url, pick(good).body, next() * 300).then(() => report.hungUp++)
  }
  const client = async (): Promise<void> => {
    while (left-- > 0) await one().catch((error: unknown) => report.wrong.push(`lost: ${String((error as Error).cause ?? error)}`))
  }
  await Promise.all(Array.from({ length: clients }, client))
  return report

  async function sendGood({ body, expected }: Good): Promise<void> {
    const response = await send(url, body)
    if (await isBusy(response)) return
    const bytes = Buffer.from(await response.arrayBuffer())
    if (response.status !== 200) report.wrong.push(`${response.status} instead of 200: ${bytes.toString('utf8')}`)
    else if (await isSame(bytes, expected)) report.right++
    else report.wrong.push(`other bytes than the reference's, ${expected.width} x ${expected.height}`)
  }

  async function sendBad({ status, ...request }: BadRequest): Promise<void> {
    const response = await send(url, request.body, request.type, request.query)
    if (await isBusy(response)) return
    const text = await response.text()
    if (response.status === status) report.refused++
    else report.wrong.push(`${response.status} instead of ${status}: ${text.slice(0, 200)}`)
  }

  async function hangUp(body: Buffer, milliseconds: number): Promise<void> {
    try {
      await (await send(url, body, undefined, '', AbortSignal.timeout(milliseconds))).arrayBuffer()
      report.hungUp++
    } catch (error) {
      if ((error as Error).name !== 'TimeoutError') throw error
      report.hungUp++
    }
  }

  async function isBusy(response: Response): Promise<boolean> {
    if (response.status !== 503) return false
    await response.text()
    if (response.headers.has('retry-after')) report.busy++
    else report.wrong.push('503 without Retry-After')
    return true
  }
}

interface BadRequest {
  readonly body: Buffer
  readonly type: string
  readonly query: string
  /** What the answer should be. */
  readonly status: number
}

const BOUNDARY = 'chaos'
const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`

function form(picture: Uint8Array, steps: unknown): Buffer {
  const part = (name: string): string => `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n`
  return Buffer.concat([Buffer.from(part('image')), picture, Buffer.from(`\r\n${part('steps')}${JSON.stringify(steps)}\r\n--${BOUNDARY}--`)])
}

function badRequests(good: readonly Good[]): readonly BadRequest[] {
  const whole = (good[2] as Good).body
  const picture = whole.subarray(whole.indexOf('\x89PNG', 0, 'latin1'), whole.lastIndexOf('\r\n--chaos\r\n'))
  const wide = Buffer.from(picture)
  // The header's width, without its checksum.
  wide.writeUInt32BE(2 ** 30, 16)
  const raw = { type: 'image/png', query: 'step=invert' }
  return [
    { ...raw, body: Buffer.from('no picture at all'), status: 415 },
    { ...raw, body: Buffer.alloc(100_000, 7), status: 415 },
    { ...raw, body: picture.subarray(0, picture.length / 2), status: 422 },
    { ...raw, body: wide, status: 422 },
    { ...raw, body: picture, query: 'step=resize:width=100000,height=9', status: 422 },
    { ...raw, body: picture, query: 'step=nothing', status: 422 },
    { ...raw, body: picture, query: 'step=crop:left=0,top=0,width=16000,height=1', status: 422 },
    { ...raw, body: picture, type: 'text/plain', status: 415 },
    { body: form(picture, [{ filter: 'invert', amount: 1 }]), type: FORM_TYPE, query: '', status: 422 },
    { body: whole.subarray(0, whole.length - 20), type: FORM_TYPE, query: '', status: 400 },
  ]
}

function send(url: string, body: Buffer, type = FORM_TYPE, query = '', signal?: AbortSignal): Promise<Response> {
  const headers = { 'content-type': type }
  return fetch(`${url}/v1/apply?${query}`, { method: 'POST', headers, body: body as BodyInit, ...(signal === undefined ? {} : { signal }) })
}

/** Sends half of a body, waits, and goes away. */
function halfBody(url: string, body: Buffer, milliseconds: number): Promise<void> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    socket.once('close', () => resolve())
    socket.write(`POST /v1/apply HTTP/1.1\r\nhost: chaos\r\ncontent-type: ${FORM_TYPE}\r\ncontent-length: ${body.length}\r\n\r\n`)
    socket.write(body.subarray(0, body.length / 2))
    setTimeout(() => socket.destroy(), milliseconds)
  })
}

async function isSame(bytes: Buffer, { width, height, channels, data }: Image): Promise<boolean> {
  const picture = sharp(bytes).toColourspace(channels === 1 ? 'b-w' : 'srgb')
  const { data: actual, info } = await picture.raw().toBuffer({ resolveWithObject: true })
  return info.width === width && info.height === height && Buffer.compare(actual, Buffer.from(data.buffer, data.byteOffset, data.length)) === 0
}

/** What a server says about itself when nobody is there. */
export interface AtRest {
  readonly rssMiB: number
  readonly arenaBytesUsed: number
  readonly arenaBytesReserved: number
  readonly workers: number
  readonly hungUp: number
}

export async function atRest(url: string): Promise<AtRest> {
  for (;;) {
    const text = await (await fetch(`${url}/metrics`)).text()
    const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
    if (value('isopix_requests_inside') + value('isopix_requests_in_flight') === 0) {
      return {
        rssMiB: Math.round(value('process_resident_memory_bytes') / 2 ** 20),
        arenaBytesUsed: value('isopix_engine_arena_bytes_used'),
        arenaBytesReserved: value('isopix_engine_arena_bytes_reserved'),
        workers: value('isopix_engine_workers'),
        hungUp: value('isopix_hang_ups_total'),
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
