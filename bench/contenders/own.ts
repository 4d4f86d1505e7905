// The backends of isopix in this process.
import { type BackendName, type Engine, type Image, type KeptImage, type Step, createEngine, crop } from '../../src/index.js'
import { type Contender, type Memory, type Prepared, clock } from '../contender.js'

/** Inline, on so many threads, or as many as the machine has cores. */
const WASM = /^wasm(?:-(inline|\d+))?$/

/** A backend with ordinary and with resident images, or why it is not there. */
export async function openOwn(name: string, threads: number): Promise<readonly Contender[] | string> {
  const [wasm, count] = WASM.exec(name) ?? []
  if (wasm !== undefined) {
    const used = count === 'inline' ? 0 : Number(count ?? threads)
    const engine = await createEngine({ threads: used, gpu: false })
    return both(name, 'wasm', engine, used === 0 ? "on the caller's thread" : `${used} threads`)
  }
  if (name === 'reference') return [contender(name, 'reference', await createEngine({ gpu: false, threads: 0 }), 'plain TypeScript', 'ordinary')]
  if (name !== 'webgpu') return `there is no backend "${name}"`
  const engine = await createEngine()
  await engine.explain({ width: 1, height: 1 }, [])
  const { webgpu } = engine.capabilities
  if (webgpu.available) return both(name, 'webgpu', engine, `${webgpu.name}${webgpu.software ? ', a program on the CPU' : ''}`)
  await engine.close()
  return webgpu.reason
}

const both = (name: string, backend: BackendName, engine: Engine, about: string): readonly Contender[] =>
  (['resident', 'ordinary'] as const).map((memory) => contender(name, backend, engine, about, memory))

/** The reference is a specification: it is timed on small images only. */
const REFERENCE_MEGAPIXELS = 0.31

function contender(name: string, backend: BackendName, engine: Engine, about: string, memory: Memory): Contender {
  const prepare = memory === 'ordinary' ? prepareOrdinary : backend === 'webgpu' ? prepareOnGpu : prepareResident
  return {
    name,
    about,
    memory,
    exact: true,
    ...(backend === 'reference' ? { mostMegapixels: REFERENCE_MEGAPIXELS } : {}),
    prepare: (image, steps) => prepare(engine, backend, image, steps),
    close: () => engine.close(),
  }
}

async function prepareOrdinary(engine: Engine, backend: BackendName, image: Image, steps: readonly Step[]): Promise<Prepared> {
  const { width, height, channels } = await engine.explain(image, steps)
  const into = { width, height, channels, data: new Uint8ClampedArray(width * height * channels) }
  return {
    time: (calls) => clock(calls, () => engine.apply(image, steps, { backend, into })),
    result: async () => into,
    dispose: async () => undefined,
  }
}

async function prepareResident(engine: Engine, backend: BackendName, image: Image, steps: readonly Step[]): Promise<Prepared> {
  const { width, height, channels } = await engine.explain(image, steps)
  const source = engine.createImage(image.width, image.height, image.channels)
  source.data.set(image.data)
  const into = engine.createImage(width, height, channels)
  return {
    time: (calls) => clock(calls, () => engine.apply(source, steps, { backend, into })),
    result: async () => ({ width, height, channels, data: into.data.slice() }),
    async dispose() {
      source.dispose()
      into.dispose()
    },
  }
}

/** The image is on the GPU and the result stays there; a pixel of the last one is read, so that the clock stops when the work is done. */
async function prepareOnGpu(engine: Engine, backend: BackendName, image: Image, steps: readonly Step[]): Promise<Prepared> {
  const source = await engine.upload(image, { backend })
  const pixel = { left: 0, top: 0, width: 1, height: 1 }
  let last: KeptImage | undefined
  return {
    async time(calls) {
      const start = performance.now()
      for (let i = 0; i < calls; i++) {
        last?.dispose()
        last = await engine.apply(source, steps, { backend, keep: true })
      }
      await engine.apply(last as KeptImage, [crop(pixel)], { backend })
      return performance.now() - start
    },
    async result() {
      return engine.apply(last as KeptImage, [], { backend })
    },
    async dispose() {
      last?.dispose()
      source.dispose()
    },
  }
}
