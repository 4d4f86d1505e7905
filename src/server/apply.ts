// POST /v1/apply: a picture and steps in, the filtered picture out.
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApplyOptions } from '../engine.js'
import { MemoryError } from '../errors.js'
import type { Step } from '../filters/define.js'
import type { Image } from '../image.js'
import type { RunInfo } from '../run-info.js'
import type { Codec } from './codec.js'
import { etagOf, isKnown } from './etag.js'
import { FORMATS, FORMAT_NAMES, type Format, PICTURE_TYPES, negotiate, sniff } from './formats.js'
import type { Gate } from './gate.js'
import { type Limits, checkPicture, checkSteps } from './limits.js'
import type { Metrics } from './metrics.js'
import { Refusal } from './problems.js'
import { type Query, checkQuality, readQuery } from './query.js'
import { type Upload, readUpload } from './upload.js'
import { HangUp, Visit } from './visit.js'

/** What does the work: an engine's `apply`, as far as it is used here. */
export type Apply = (image: Image, steps: readonly Step[], options: ApplyOptions) => Promise<Image & { readonly run: RunInfo }>

export interface ApplyTools {
  readonly engine: { readonly apply: Apply }
  readonly codec: Codec
  readonly gate: Gate
  readonly metrics: Metrics
  readonly limits: Limits
  /** How long a request may take to arrive, to be worked on, and to be answered. */
  readonly limitMs: number
  /** Of this package: another one may give other bytes. */
  readonly version: string
}

interface Job {
  readonly bytes: Uint8Array
  readonly steps: readonly Step[]
  readonly format: Format
  readonly quality: number | undefined
  readonly signal: AbortSignal
}

interface Answer {
  readonly status: 200 | 304
  readonly headers: Readonly<Record<string, string>>
  readonly data?: Buffer
}

export function applyHandler(tools: ApplyTools) {
  const { gate, limitMs, limits, metrics } = tools
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const query = readQuery(request.query as Record<string, string | string[]>, limits)
    const visit = new Visit(gate, limitMs, request.raw, reply.raw)
    try {
      visit.begin('arriving')
      const upload = await visit.until(readUpload(request, limits))
      visit.begin('working')
      const { status, headers, data } = await visit.until(answer(query, upload, request.headers, visit.signal, tools))
      reply.code(status).headers(headers)
      // A reply that is awaited waits until it is sent, so that none is given to anything before this.
      return reply.send(data)
    } catch (error) {
      if (error instanceof HangUp) metrics.hangUps.inc()
      throw error
    } finally {
      visit.begin('answering')
    }
  }
}

async function answer(
  query: Query,
  { picture, steps: given }: Upload,
  { accept, 'if-none-match': known }: IncomingHttpHeaders,
  signal: AbortSignal,
  tools: ApplyTools,
): Promise<Answer> {
  const { codec, gate, limits, version } = tools
  const { quality } = query
  const steps = stepsOf(query.steps, given)
  const source = sniff(picture.bytes)
  if (source === undefined) throw new Refusal('ERR_MEDIA_TYPE', `expected a picture (${FORMAT_NAMES.join(', ')}), and the body is none`)
  const format = query.format ?? negotiate(accept, source)
  if (format === undefined) throw new Refusal('ERR_NOT_ACCEPTABLE', `expected the client to accept one of ${PICTURE_TYPES.join(', ')}, got "${accept}"`)
  checkQuality(quality, format)

  const etag = etagOf([version, codec.versions, picture.digest, steps, format, quality])
  const headers = { etag, ...(query.format === undefined ? { vary: 'Accept' } : {}) }
  if (isKnown(known, etag)) return { status: 304, headers }

  const header = await codec.inspect(picture.bytes)
  checkPicture(header, limits)
  checkSteps(steps, header, limits)
  const ready = performance.now()
  const { data, timing } = await gate.run(signal, () => filter({ bytes: picture.bytes, steps, format, quality, signal }, ready, tools))
  const about = { 'content-type': FORMATS[format].type, 'x-content-type-options': 'nosniff', 'server-timing': timing }
  return { status: 200, headers: { ...headers, ...about }, data }
}

function stepsOf(fromQuery: readonly Step[] | undefined, fromBody: readonly Step[] | undefined): readonly Step[] {
  if (fromQuery !== undefined && fromBody !== undefined) throw new Refusal('ERR_INVALID_ARGUMENT', 'steps are given both in the query and in the form')
  const steps = fromQuery ?? fromBody
  if (steps === undefined) throw new Refusal('ERR_INVALID_ARGUMENT', 'no step is given, such as ?step=gaussian-blur:sigma=2; /v1/filters lists the filters')
  return steps
}

/** What waits is cheap, what is worked on is not: this runs for a fixed number of requests at once. */
async function filter(
  { bytes, steps, format, quality, signal }: Job,
  ready: number,
  { codec, engine, gate, metrics }: ApplyTools,
): Promise<{ data: Buffer; timing: string }> {
  const start = performance.now()
  const image = await codec.decode(bytes)
  signal.throwIfAborted()
  const decoded = performance.now()
  const result = await engine.apply(image, steps, { signal }).catch((error: unknown) => {
    if (!(error instanceof MemoryError)) throw error
    // Alone it would never fit; beside others it may fit later.
    throw gate.working > 1 ? gate.busy(error.message) : new Refusal('ERR_TOO_LARGE', error.message, { cause: error })
  })
  signal.throwIfAborted()
  const filtered = performance.now()
  const data = await codec.encode(result, format, quality)
  metrics.pixels.inc(image.width * image.height)
  const parts: readonly (readonly [name: string, ms: number])[] = [
    ['queue', start - ready],
    ['decode', decoded - start],
    [`filter;desc="${result.run.backend}"`, filtered - decoded],
    ['encode', performance.now() - filtered],
  ]
  return { data, timing: parts.map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`).join(', ') }
}
