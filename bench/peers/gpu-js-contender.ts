// gpu.js: kernels written in JavaScript. Each chain is one of its pipelines, which keep images on the device from step to
// step; bytes go in flat, floats come out flat, and become bytes again inside the time of a call.
import type { Image, Step } from '../../src/index.js'
import { type Contender, type Prepared, clock } from '../contender.js'
import { type Kernel, kernelsOf } from './gpu-js-kernels.js'
import { meaningOf } from './meaning.js'

/** What is used of the package. */
export interface GpuJs {
  readonly GPU: new (options: { mode: string }) => Gpu
  readonly input: (data: ArrayLike<number>, size: readonly number[]) => unknown
}

interface Gpu {
  createKernel(source: string, options: object): (value: unknown) => unknown
  createPipeline(run: (value: unknown) => unknown): Pipeline
  destroy(): Promise<void> | void
}

interface Pipeline {
  (value: unknown): Promise<Float32Array>
  readonly backend: string
  readonly executorKind: string
  readonly fallbackReason: string | null
  destroy(): void
}

/** Places are floats there, which count up to 2^24. */
const MOST_MEGAPIXELS = 2 ** 24 / 4 / 1e6
/** Where a program stands in for a GPU, more take up to half a minute a call. */
const MOST_MEGAPIXELS_WEBGPU = 1

export function contenderOfGpuJs(name: string, about: string, mode: string, gpu: Gpu, input: GpuJs['input'], unplant: () => void = () => undefined): Contender {
  return {
    name,
    about,
    memory: 'ordinary',
    mostMegapixels: mode === 'webgpu' ? MOST_MEGAPIXELS_WEBGPU : MOST_MEGAPIXELS,
    prepare: (image, steps) => prepare(gpu, input, mode, image, steps),
    async close() {
      await gpu.destroy()
      unplant()
    },
  }
}

async function prepare(gpu: Gpu, input: GpuJs['input'], mode: string, image: Image, steps: readonly Step[]): Promise<Prepared | undefined> {
  const kernels: Kernel[] = []
  let { channels } = image
  for (const step of steps) {
    const found = kernelsOf(meaningOf(step), { ...image, channels })
    if (found === undefined) return undefined
    kernels.push(...found.map(({ source, constants, channels: made }) => ({ source, constants: numbersOf(constants), channels: made })))
    channels = kernels.at(-1)?.channels ?? channels
  }
  const { width, height } = image
  const compiled = kernels.map((kernel) => gpu.createKernel(kernel.source, { output: [width * height * kernel.channels], constants: kernel.constants, precision: 'single' }))
  const pipeline = gpu.createPipeline((source) => compiled.reduce((value, kernel) => kernel(value), source))
  const data = new Uint8ClampedArray(width * height * channels)
  const call = async (): Promise<void> => {
    data.set(await pipeline(input(image.data, [image.data.length])))
  }
  await call()
  // Those with WebGL go by one name.
  if (pipeline.backend !== (mode === 'webgl2' ? 'gpu' : mode)) throw new Error(`gpu.js ran on ${pipeline.backend}, not on ${mode}: ${pipeline.fallbackReason ?? 'it does not say why'}`)
  return {
    note: `executor ${pipeline.executorKind}`,
    time: (calls) => clock(calls, call),
    result: async () => ({ width, height, channels, data }),
    dispose: async () => pipeline.destroy(),
  }
}

/** Only what kernels use: an image among the constants would be uploaded. */
const numbersOf = (constants: Kernel['constants']): Kernel['constants'] =>
  Object.fromEntries(Object.entries(constants).filter(([, value]) => typeof value === 'number' || Array.isArray(value)))
