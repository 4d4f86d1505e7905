// The servers that bench/server.ts compares, each of which runs in a process of its own.
import { availableParallelism } from 'node:os'
import fastify from 'fastify'
import sharp from 'sharp'
import { type ImageLike, type Step, createEngine, gaussianBlur, invert, linear, resize, sepia } from '../src/index.js'
import { Gate } from '../src/server/gate.js'
import { type ServerOptions, createServer } from '../src/server/server.js'

export const PEERS = ['isopix', 'sharp as the engine', 'sharp, one pipeline'] as const
export type Peer = (typeof PEERS)[number]

type Sharp = ReturnType<typeof sharp>

/** Work for isopix, and what does the same in sharp. */
export interface Work {
  readonly name: string
  readonly steps: readonly Step[]
  readonly sharp: (picture: Sharp) => Sharp
}

// CSS sepia(), as isopix has it.
const SEPIA: [[number, number, number], [number, number, number], [number, number, number]] = [
  [0.393, 0.769, 0.189],
  [0.349, 0.686, 0.168],
  [0.272, 0.534, 0.131],
]

export const WORKS: readonly Work[] = [
  {
    name: 'resize by 0.5, gaussian 2',
    steps: [resize({ width: 960, height: 540 }), gaussianBlur({ sigma: 2 })],
    sharp: (picture) => picture.resize(960, 540, { fit: 'fill', kernel: 'lanczos3', fastShrinkOnLoad: false }).blur(2),
  },
  {
    name: 'linear, sepia, invert',
    steps: [linear({ scale: 1.1, offset: -10 }), sepia(), invert()],
    sharp: (picture) => picture.linear(1.1, -10).recomb(SEPIA).negate({ alpha: false }),
  },
]

const CONCURRENCY = availableParallelism()
/** Nobody is refused while throughput is measured. */
const QUEUE = 256
const LIMITS = { maxBytes: 2 ** 25, maxPixels: 50_000_000, maxSteps: 32, concurrency: CONCURRENCY, queue: QUEUE, timeoutSeconds: 60 }

/** Starts a server and resolves to its address. */
export async function startPeer(peer: Peer, options: Partial<ServerOptions> = {}): Promise<string> {
  if (peer === 'sharp, one pipeline') return startPipeline()
  const engine = peer === 'isopix' ? await createEngine({ gpu: false }) : sharpEngine()
  const server = await createServer({ ...LIMITS, engine, version: 'bench', onError: console.error, ...options })
  return server.listen('127.0.0.1', 0)
}

/** What isopix's server does besides filtering, with sharp for the filtering. */
function sharpEngine(): ServerOptions['engine'] {
  const zero = { calls: 0, workers: 0, arenaBytesUsed: 0, arenaBytesReserved: 0, gpuBytesUsed: 0, gpuBytesAllocated: 0, gpuPipelines: 0 }
  return {
    stats: () => zero,
    async apply({ width, height, channels, data }: ImageLike, steps: readonly Step[]) {
      const names = steps.map(({ filter }) => filter.name).join()
      const work = WORKS.find((candidate) => candidate.steps.map(({ filter }) => filter.name).join() === names) as Work
      const picture = work.sharp(sharp(data, { raw: { width, height, channels: channels as 3 | 4 } })).raw()
      const { data: out, info } = await picture.toBuffer({ resolveWithObject: true })
      const run = { backend: 'reference', reason: 'sharp', milliseconds: 0, passes: 0, strips: 0, bytesMoved: 0 } as const
      return { width: info.width, height: info.height, channels: info.channels as 3 | 4, data: new Uint8ClampedArray(out.buffer, out.byteOffset, out.length), run }
    },
  }
}

/** The least that a server with sharp can be: the body goes through one pipeline from file to file. */
async function startPipeline(): Promise<string> {
  sharp.cache(false)
  const gate = new Gate({ concurrency: CONCURRENCY, queue: QUEUE })
  const app = fastify({ bodyLimit: LIMITS.maxBytes })
  app.addContentTypeParser('image/jpeg', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/v1/apply', async (request, reply) => {
    const first = [(request.query as { step: string | string[] }).step].flat()[0]?.split(':')[0]
    const work = WORKS.find(({ steps }) => steps[0]?.filter.name === first) as Work
    const leave = gate.enter()
    const { signal } = new AbortController()
    try {
      const data = await gate.run(signal, () => work.sharp(sharp(request.body as Buffer, { failOn: 'error' }).autoOrient()).jpeg().toBuffer())
      return await reply.type('image/jpeg').send(data)
    } finally {
      leave()
    }
  })
  return app.listen({ host: '127.0.0.1', port: 0 })
}
