// Runs in a page and in its workers: results as ImageData, as bitmaps and in canvases.
import { type Canvas, type Engine, IsopixError, type KeptImage, type Result, createEngine, invert } from '../../src/index.js'
import type { Image } from '../../src/image.js'
import { difference } from '../helpers/compare.js'
import { type Content, makeImage } from '../helpers/images.js'

const WIDTH = 67
const HEIGHT = 41

let engine: Promise<Engine> | undefined
const open = (): Promise<Engine> => (engine ??= createEngine({ threads: 0 }))

type Backend = 'wasm' | 'webgpu'
const CHANNELS = [1, 3, 4] as const

const make = async (image: Image, backend: Backend, keep: boolean): Promise<Result | KeptImage> =>
  keep ? (await open()).apply(image, [invert()], { backend, keep }) : (await open()).apply(image, [invert()], { backend })

/** What has to be seen of an image after `invert`: four channels, grey three times. */
function expected({ width, height, channels, data }: Image): Image {
  const rgba = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = 255 - (data[i * channels + (channels === 1 ? 0 : c)] as number)
    rgba[i * 4 + 3] = channels === 4 ? (data[i * 4 + 3] as number) : 255
  }
  return { width, height, channels: 4, data: rgba }
}

function seen(source: CanvasImageSource & { readonly width: number; readonly height: number }): Image {
  const { width, height } = source
  const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D
  context.drawImage(source, 0, 0)
  return { width, height, channels: 4, data: context.getImageData(0, 0, width, height).data }
}

/** Canvases hold colour multiplied by alpha, so that it comes back rounded: it may be off by one as it is held. */
function heldDifference(actual: Image, wanted: Image): string | undefined {
  const held = ({ data, ...image }: Image): Image => ({ ...image, data: data.map((v, i) => (i % 4 === 3 ? v : Math.round((v * (data[i | 3] as number)) / 255))) })
  const [a, b] = [held(actual), held(wanted)]
  if (a.width === b.width && a.height === b.height && a.data.every((value, i) => Math.abs(value - (b.data[i] as number)) <= 1)) return undefined
  return difference(a, b)
}

/** The canvases that can be drawn to, each of another size than the results. */
const CANVASES: Readonly<Record<string, () => Canvas>> = {
  'an OffscreenCanvas': () => new OffscreenCanvas(5, 7),
  'an OffscreenCanvas with a 2D context': () => with2d(new OffscreenCanvas(5, 7)),
  'an OffscreenCanvas for bitmaps': () => withBitmaps(new OffscreenCanvas(5, 7)),
  ...(typeof document === 'undefined'
    ? {}
    : {
        'a canvas': () => document.createElement('canvas'),
        'a canvas with a 2D context': () => with2d(document.createElement('canvas')),
        'a canvas for bitmaps': () => withBitmaps(document.createElement('canvas')),
      }),
}

function with2d<C extends Canvas>(canvas: C): C {
  const context = canvas.getContext('2d') as CanvasRenderingContext2D
  context.fillStyle = '#f0f'
  context.fillRect(0, 0, 1000, 1000)
  return canvas
}

function withBitmaps<C extends Canvas>(canvas: C): C {
  canvas.getContext('bitmaprenderer')
  return canvas
}

/** Everything that is wrong with the ways in which results can be had and shown. */
export async function wrongs(backend: Backend, content: Content): Promise<string[]> {
  const wrong: string[] = []
  const compare = content === 'opaque-noise' ? difference : heldDifference
  for (const keep of [false, true]) {
    for (const channels of CHANNELS) {
      const image = makeImage(WIDTH, HEIGHT, channels, content)
      const wanted = expected(image)
      const result = await make(image, backend, keep)
      const say = (what: string, differs: string | undefined): void => {
        if (differs !== undefined) wrong.push(`${keep ? 'kept, ' : ''}${channels} channels, ${what}: ${differs}`)
      }
      if (result.run.backend !== backend) say('backend', `${result.run.backend}, since ${result.run.reason}`)
      const imageData = await result.toImageData()
      say('toImageData', difference({ width: imageData.width, height: imageData.height, channels: 4, data: imageData.data as Uint8ClampedArray }, wanted))
      const bitmap = await result.toImageBitmap()
      say('toImageBitmap', compare(seen(bitmap), wanted))
      bitmap.close()
      for (const [name, canvasOf] of Object.entries(CANVASES)) {
        const canvas = canvasOf()
        await result.drawTo(canvas)
        say(name, compare(seen(canvas), wanted))
        const small = makeImage(3, 2, channels, content)
        await (await make(small, backend, keep)).drawTo(canvas)
        say(`${name}, again, smaller`, compare(seen(canvas), expected(small)))
      }
      if ('dispose' in result) result.dispose()
    }
  }
  return wrong
}

/** What is said where there is no way to draw. */
export async function refusal(name: 'webgl' | 'nothing'): Promise<{ code: string; message: string }> {
  const canvas = name === 'webgl' ? new OffscreenCanvas(5, 5) : {}
  if (canvas instanceof OffscreenCanvas && canvas.getContext('webgl') === null) throw new Error('there is no WebGL here')
  const result = await make(makeImage(5, 5, 4), 'wasm', false)
  try {
    await result.drawTo(canvas as Canvas)
  } catch (error) {
    if (error instanceof IsopixError) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('it was drawn')
}

/** Results go where shared memory may not: into ImageData, Blobs and bitmaps. */
export async function isShared(keep: boolean): Promise<boolean> {
  const threaded = await createEngine({ threads: 2 })
  const result = keep
    ? await threaded.apply(makeImage(300, 200, 4), [invert()], { backend: 'wasm', keep })
    : await threaded.apply(makeImage(300, 200, 4), [invert()], { backend: 'wasm' })
  const { data } = await result.toImageData()
  const shared = !(data.buffer instanceof ArrayBuffer)
  await threaded.close()
  return shared
}

/** From here on the adapter says that it is no program on the CPU. */
export function pretendHardware(): void {
  const info = { vendor: 'vendor', architecture: 'architecture', device: '', description: '', isFallbackAdapter: false }
  Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => info })
}

let readbacks = 0

/** How often a canvas is drawn to from the GPU, and how often the pixels come to the CPU for that. */
export async function readbacksOfDrawing(times: number): Promise<{ backend: string; readbacks: number }> {
  const { mapAsync } = GPUBuffer.prototype
  GPUBuffer.prototype.mapAsync = new Proxy(mapAsync, {
    apply: (map, buffer, args) => {
      readbacks++
      return Reflect.apply(map, buffer, args)
    },
  })
  using kept = await (await open()).upload(makeImage(WIDTH, HEIGHT, 4), { backend: 'webgpu' })
  const before = readbacks
  for (let time = 0; time < times; time++) await kept.drawTo(new OffscreenCanvas(1, 1))
  GPUBuffer.prototype.mapAsync = mapAsync
  return { backend: kept.run.backend, readbacks: readbacks - before }
}

/** Which backends two calls that keep their results run on, and what is wrong with what is seen of them. */
export async function keepTwice(): Promise<{ backend: string; reason: string; wrong: string | null }[]> {
  const said = []
  for (let call = 0; call < 2; call++) {
    const image = makeImage(WIDTH, HEIGHT, 4, 'opaque-noise', call + 1)
    using kept = (await make(image, 'webgpu', true)) as KeptImage
    const canvas = new OffscreenCanvas(1, 1)
    await kept.drawTo(canvas)
    said.push({ backend: kept.run.backend, reason: kept.run.reason, wrong: difference(seen(canvas), expected(image)) ?? null })
    // A browser whose GPU is gone takes a while to start it anew.
    if (kept.run.backend !== 'webgpu') await until(async () => (await navigator.gpu.requestAdapter()) !== null)
  }
  return said
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 100))
}

/** Images that are forgotten instead of disposed give their memory back. */
export async function forget(backend: Backend, times: number): Promise<{ most: number; least: number }> {
  const own = await createEngine({ threads: 0 })
  const used = (): number => own.stats().arenaBytesUsed + own.stats().gpuBytesAllocated
  let most = 0
  for (let time = 0; time < times; time++) {
    await own.apply(makeImage(256, 256, 4), [invert()], { backend, keep: true })
    most = Math.max(most, used())
  }
  let least = most
  for (let round = 0; round < 50; round++) {
    ;(globalThis as { gc?: () => void }).gc?.()
    await new Promise((resolve) => setTimeout(resolve, 20))
    least = Math.min(least, used())
  }
  await own.close()
  return { most, least }
}
