// `isopix serve`: filters over HTTP.
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { createEngine } from '../engine.js'
import { FileError, InvalidArgumentError } from '../errors.js'
import { MAX_STEPS } from '../parse-steps.js'
import { type ServerOptions, createServer } from '../server/server.js'
import { type RunOptions, type Tokens, readBackend, readOptions, readThreads } from './arguments.js'
import { version } from './help.js'
import type { Report } from './report.js'

/** Options that are whole numbers. */
const NUMBERS = {
  port: { least: 0, most: 65535, usual: 8080 },
  'max-bytes': { least: 1, most: 2 ** 31 - 1, usual: 2 ** 25 },
  'max-pixels': { least: 1, most: 2 ** 28, usual: 50_000_000 },
  'max-steps': { least: 1, most: MAX_STEPS, usual: 32 },
  concurrency: { least: 1, most: 256, usual: availableParallelism() },
  queue: { least: 0, most: 100_000, usual: 32 },
  timeout: { least: 1, most: 3600, usual: 30 },
} as const

const TEXTS = { host: { type: 'string' }, backend: { type: 'string' }, threads: { type: 'string' } } as const
const OPTIONS = {
  ...TEXTS,
  ...Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, { type: 'string' } as const])),
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const help = `isopix serve filters pictures over HTTP, one picture a request.

  isopix serve
  curl --data-binary @photo.jpg -H 'content-type: image/jpeg' -o blurred.jpg \\
    'http://127.0.0.1:8080/v1/apply?step=gaussian-blur:sigma=5'

  POST /v1/apply        a picture with ?step=…&step=…, or a form with "image" and "steps" (JSON); &format=png, &quality=80
  GET  /v1/filters      every filter with its parameters
  GET  /openapi.json    the whole interface, as OpenAPI 3.1
  GET  /healthz         whether it runs;  /readyz: whether it takes requests;  /metrics: for Prometheus

      --host NAME       the address to listen on; default: 127.0.0.1, so that only this machine is served
      --port N          default: ${NUMBERS.port.usual}; 0 picks one that is free
      --max-bytes N     the largest body; default: ${NUMBERS['max-bytes'].usual}
      --max-pixels N    the largest picture, and the largest that a step may make; default: ${NUMBERS['max-pixels'].usual}
      --max-steps N     the most steps of a request; default: ${NUMBERS['max-steps'].usual}
      --concurrency N   requests that are worked on at once; default: one for each core
      --queue N         requests that may be here besides; further ones get 503 and Retry-After; default: ${NUMBERS.queue.usual}
      --timeout N       seconds in which a request has to arrive, has to be done, and has to be read; default: ${NUMBERS.timeout.usual}
      --backend NAME, --threads N, --json    as for files
  -h, --help            this text

It needs about (concurrency + queue) * max-bytes of memory, and 12 * max-pixels for each request that is worked on.
SIGTERM and SIGINT let it finish what it has begun; a second one ends it at once. It opens no files and no other
connections. The packages "fastify", "@fastify/multipart", "prom-client" and "sharp" have to be installed.`

interface Serve extends RunOptions {
  readonly host: string
  readonly port: number
  readonly options: Omit<ServerOptions, 'engine' | 'version' | 'onError'>
}

/**
 * What a command line behind "serve" asks for; undefined where that is the help.
 * @throws InvalidArgumentError where the line cannot be understood.
 */
export function parseServe(line: readonly string[]): Serve | undefined {
  const config = { args: [...line], options: OPTIONS, strict: false, allowPositionals: true, tokens: true } as const
  const { tokens, positionals }: { tokens: Tokens; positionals: readonly string[] } = parseArgs(config)
  const found = readOptions(tokens, OPTIONS)
  if (found.has('help')) return undefined
  if (positionals.length > 0) throw new InvalidArgumentError(`serve: expected options only, got "${positionals[0]}"; see "isopix serve --help"`)
  const number = (name: keyof typeof NUMBERS): number => readNumber(name, found.get(name))
  return {
    host: found.get('host') ?? '127.0.0.1',
    port: number('port'),
    backend: readBackend(found),
    threads: readThreads(found),
    options: {
      maxBytes: number('max-bytes'),
      maxPixels: number('max-pixels'),
      maxSteps: number('max-steps'),
      concurrency: number('concurrency'),
      queue: number('queue'),
      timeoutSeconds: number('timeout'),
    },
  }
}

function readNumber(name: keyof typeof NUMBERS, text: string | undefined): number {
  const { least, most, usual } = NUMBERS[name]
  if (text === undefined) return usual
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new InvalidArgumentError(`--${name}: expected a whole number from ${least} to ${most}, got "${text}"`)
}

/** Serves until a signal says that it is enough. */
export async function runServe(line: readonly string[], report: Report): Promise<void> {
  const serve = parseServe(line)
  if (serve === undefined) return console.log(help)
  const { host, port, backend, threads, options } = serve
  const enough = firstSignal()
  const engine = await createEngine({ backend, threads })
  try {
    const server = await createServer({ ...options, engine, version: version(), onError: (error) => report.error(error) })
    const url = await server.listen(host, port).catch((error: NodeJS.ErrnoException) => {
      throw new FileError(`cannot listen on ${host}, port ${port}: ${error.message}`, { cause: error })
    })
    report.result(`isopix listens on ${url}; ${url}/openapi.json describes it`, { url })
    await enough
    report.text('isopix finishes what it has begun')
    await server.close()
  } finally {
    await engine.close()
  }
}

/** Resolves with the first signal to end. The second does what a signal does to other commands: end at once. */
function firstSignal(): Promise<void> {
  const atOnce = (['SIGINT', 'SIGTERM'] as const).map((signal) => ({ signal, listeners: process.listeners(signal) }))
  return new Promise((resolve) => {
    const first = (): void => {
      for (const { signal, listeners } of atOnce) {
        for (const listener of listeners) process.on(signal, listener)
        process.off(signal, first)
      }
      resolve()
    }
    for (const { signal, listeners } of atOnce) {
      // There is a listener at every moment: a signal that comes without one is lost.
      process.on(signal, first)
      for (const listener of listeners) process.off(signal, listener)
    }
  })
}
