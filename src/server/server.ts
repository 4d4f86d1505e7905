// The server: its routes, and how it ends.
import { once } from 'node:events'
import { type AddressInfo, Server as NetServer } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Engine } from '../engine.js'
import { describeFilter } from '../filters/describe.js'
import { filters } from '../filters/index.js'
import { type Apply, applyHandler } from './apply.js'
import { Codec } from './codec.js'
import { Gate } from './gate.js'
import type { Limits } from './limits.js'
import { type Metrics, makeMetrics } from './metrics.js'
import { openApi } from './openapi.js'
import { loadPackages } from './packages.js'
import { PROBLEM_TYPE, Refusal, problemOf } from './problems.js'
import { HangUp } from './visit.js'

export interface ServerOptions extends Limits {
  readonly engine: { readonly apply: Apply } & Pick<Engine, 'stats'>
  /** Requests that are worked on at once. */
  readonly concurrency: number
  /** Requests that may be here besides those. */
  readonly queue: number
  /** How long a request may take to arrive, to be worked on, and to be answered: each of them. */
  readonly timeoutSeconds: number
  /** Of the package; part of every tag. */
  readonly version: string
  /** Told of errors that are no client's doing. */
  readonly onError: (error: unknown) => void
}

export interface Server {
  /** Starts to listen and resolves to the address. */
  listen(host: string, port: number): Promise<string>
  /** Accepts nothing more, and resolves when what is here is answered. */
  close(): Promise<void>
}

const HEADERS_INTERVAL_MS = 1000

/** @throws UnsupportedError where a package is missing. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { concurrency, engine, maxBytes, maxPixels, onError, queue, timeoutSeconds } = options
  const packages = await loadPackages()
  const limitMs = timeoutSeconds * 1000
  const gate = new Gate({ concurrency, queue })
  const metrics = makeMetrics(packages.metrics, gate, engine)
  const codec = new Codec(packages.sharp, maxPixels, limitMs)
  let isClosing = false

  const app = packages.fastify({
    bodyLimit: maxBytes,
    // For headers, and for bodies of requests that are answered already; the others have a clock of their own.
    requestTimeout: 2 * limitMs,
    http: { headersTimeout: limitMs, connectionsCheckingInterval: HEADERS_INTERVAL_MS },
    // Requests on connections that are open already are refused in words.
    return503OnClosing: false,
    frameworkErrors: fail,
  })
  app.setErrorHandler(fail)
  app.setNotFoundHandler(async (request) => {
    throw noSuchRoute(app, request)
  })
  app.addHook('onRequest', async (_request, reply) => {
    if (!isClosing) return
    reply.header('connection', 'close')
    throw gate.busy('the server is shutting down')
  })
  app.addHook('onResponse', async (request, reply) => count(metrics, request, reply))

  // Bodies are read where they are wanted, by a reader that knows what may come.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  await app.register(packages.multipart)
  app.post('/v1/apply', applyHandler({ ...options, codec, gate, limitMs, limits: options, metrics }))

  const list = filters.map(describeFilter)
  const description = openApi(options)
  app.get('/v1/filters', async () => list)
  app.get('/openapi.json', async () => description)
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async () => {
    if (gate.isFull) throw gate.busy('every place is taken')
    return { status: 'ok' }
  })
  app.get('/metrics', async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()))

  return {
    async listen(host, port) {
      await app.ready()
      app.server.listen(port, host)
      await once(app.server, 'listening')
      const { address, family, port: actual } = app.server.address() as AddressInfo
      return `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`
    },
    async close() {
      isClosing = true
      // The one of http would cut off answers that are on their way: it takes their connections for idle.
      const closed = new Promise((resolve) => NetServer.prototype.close.call(app.server, resolve))
      await gate.empty()
      // What is still open sends nothing that matters, perhaps for ever.
      setImmediate(() => app.server.closeAllConnections())
      await closed
      await app.close()
    },
  }

  function fail(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = problemOf(error)
    if (problem.code === 'ERR_INTERNAL' && !(error instanceof HangUp)) onError(error)
    // The rest of a body that nobody wants flows by, so that the answer is read and the connection can be used again.
    request.raw.unpipe()
    request.raw.resume()
    if (error instanceof Refusal) reply.headers(error.headers)
    reply.code(problem.status).type(PROBLEM_TYPE).send(problem)
  }
}

function noSuchRoute(app: FastifyInstance, { method, url }: FastifyRequest): Refusal {
  const path = url.split('?', 1)[0] as string
  const allowed = (['GET', 'HEAD', 'POST'] as const).filter((other) => app.hasRoute({ method: other, url: path }))
  if (allowed.length === 0) return new Refusal('ERR_NOT_FOUND', `there is nothing at ${path}; /openapi.json describes what there is`)
  return new Refusal('ERR_METHOD', `${path} takes ${allowed.join(', ')}, got ${method}`, { headers: { allow: allowed.join(', ') } })
}

function count({ requests, seconds }: Metrics, request: FastifyRequest, reply: FastifyReply): void {
  const labels = { route: request.routeOptions.url ?? 'none', status: reply.statusCode }
  requests.inc(labels)
  seconds.observe(labels, reply.elapsedTime / 1000)
}
