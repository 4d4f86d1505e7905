// What /metrics shows: requests, the queue, the engine, and the process.
import type { Counter, Histogram, Registry } from 'prom-client'
import type { Engine } from '../engine.js'
import type { Gate } from './gate.js'
import type { Packages } from './packages.js'

export interface Metrics {
  readonly registry: Registry
  readonly requests: Counter<'route' | 'status'>
  readonly seconds: Histogram<'route' | 'status'>
  readonly hangUps: Counter
  readonly pixels: Counter
}

/** From a cached answer to a large picture. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export function makeMetrics({ Counter, Gauge, Histogram, Registry, collectDefaultMetrics }: Packages['metrics'], gate: Gate, engine: Pick<Engine, 'stats'>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const labelNames = ['route', 'status'] as const
  collectDefaultMetrics({ register: registry })
  gauge('isopix_requests_inside', 'Requests to filter that arrive, wait, are worked on or are being answered.', () => gate.inside)
  gauge('isopix_requests_in_flight', 'Requests that are worked on.', () => gate.working)
  gauge('isopix_queue_length', 'Requests that wait to be worked on.', () => gate.waiting)
  for (const name of Object.keys(engine.stats()) as (keyof ReturnType<Engine['stats']>)[]) {
    gauge(`isopix_engine_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`, `${name} of engine.stats().`, () => engine.stats()[name])
  }
  return {
    registry,
    requests: new Counter({ name: 'isopix_requests_total', help: 'Requests that were answered.', labelNames, registers }),
    seconds: new Histogram({ name: 'isopix_request_seconds', help: 'From the headers of a request to the end of its answer.', labelNames, buckets: BUCKETS, registers }),
    hangUps: new Counter({ name: 'isopix_hang_ups_total', help: 'Requests whose client hung up before the answer.', registers }),
    pixels: new Counter({ name: 'isopix_pixels_total', help: 'Pixels of the pictures that were filtered.', registers }),
  }

  function gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value())
      },
    })
  }
}
