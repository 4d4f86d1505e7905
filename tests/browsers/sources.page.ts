// Runs in a page and in its workers: sources of every kind, and the pixels that they have to give.
import { type Engine, IsopixError, type Source, createEngine } from '../../src/index.js'
import type { Image } from '../../src/image.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'

interface Case {
  readonly source: Source
  readonly expected: Image
  /** What has to hold once the pixels were read. */
  readonly after?: () => boolean
}

const WIDTH = 61
const HEIGHT = 47
const STRAIGHT = { premultiplyAlpha: 'none' } as const

let engine: Promise<Engine> | undefined
const apply = async (source: unknown): Promise<Image> => (await (engine ??= createEngine({ threads: 0, gpu: false }))).apply(source as Source, [])

/** The contexts of WebGL that were made for canvases of one pixel: the package's. */
const contexts: WebGLRenderingContext[] = []
if (typeof document !== 'undefined') {
  const { getContext } = HTMLCanvasElement.prototype
  HTMLCanvasElement.prototype.getContext = new Proxy(getContext, {
    apply(get, canvas: HTMLCanvasElement, args) {
      const context = Reflect.apply(get, canvas, args)
      if (args[0] === 'webgl' && context !== null && canvas.width === 1) contexts.push(context as unknown as WebGLRenderingContext)
      return context
    },
  })
}

const noise = (): Image => makeImage(WIDTH, HEIGHT, 4, 'noise')
const opaque = (): Image => makeImage(WIDTH, HEIGHT, 4, 'opaque-noise')
const blank = (width: number, height: number): Image => ({ width, height, channels: 4, data: new Uint8ClampedArray(width * height * 4) })
const dataOf = ({ data, width, height }: Image): ImageData => new ImageData(Uint8ClampedArray.from(data), width, height)

/** What a person sees, as a 2D canvas has it: exact where alpha is 255. */
function seen(source: CanvasImageSource, width: number, height: number): Image {
  const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D
  context.drawImage(source, 0, 0)
  return { width, height, channels: 4, data: context.getImageData(0, 0, width, height).data }
}

const fetched = async (file: string): Promise<Blob> => (await fetch(`/${file}`)).blob()

/** The pixels of a file as sharp decodes them. */
async function decoded(file: string, width = WIDTH, height = HEIGHT): Promise<Image> {
  return { width, height, channels: 4, data: new Uint8ClampedArray(await (await fetched(file)).arrayBuffer()) }
}

function drawn<Canvas extends HTMLCanvasElement | OffscreenCanvas>(canvas: Canvas, image: Image): Canvas {
  canvas.width = image.width
  canvas.height = image.height
  const context = canvas.getContext('2d') as CanvasRenderingContext2D
  context.putImageData(dataOf(image), 0, 0)
  return canvas
}

/** A canvas of WebGL with some colours, opaque. */
function painted<Canvas extends HTMLCanvasElement | OffscreenCanvas>(canvas: Canvas): Canvas {
  canvas.width = 3
  canvas.height = 2
  const gl = canvas.getContext('webgl', { preserveDrawingBuffer: true }) as WebGLRenderingContext
  gl.enable(gl.SCISSOR_TEST)
  for (const [x, y, red, green, blue] of [[0, 0, 255, 0, 51], [1, 1, 0, 255, 102], [2, 0, 51, 102, 255]] as const) {
    gl.scissor(x, y, 1, 1)
    gl.clearColor(red / 255, green / 255, blue / 255, 1)
    gl.clear(gl.COLOR_BUFFER_BIT)
  }
  return canvas
}

/** Frames of video from bytes. */
function frameOf(format: VideoPixelFormat, data: BufferSource, more: Partial<VideoFrameBufferInit> = {}): VideoFrame {
  return new VideoFrame(data as AllowSharedBufferSource, { format, codedWidth: 60, codedHeight: 46, timestamp: 0, ...more })
}

/** The bytes of an image in another order, which `from` gives: blue first, or with anything in the place of alpha. */
function reordered(image: Image, [red, green, blue]: readonly [number, number, number]): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(image.data)
  for (let i = 0; i < bytes.length; i += 4) {
    bytes[i + red] = image.data[i] as number
    bytes[i + green] = image.data[i + 1] as number
    bytes[i + blue] = image.data[i + 2] as number
  }
  return bytes
}

/** Brightness and colour of 60 x 46 pixels, as video has them. */
const planes = (): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: 60 * 46 * 1.5 }, (_, i) => (i < 60 * 46 ? 16 + ((i * 3) % 220) : i < 60 * 46 * 1.25 ? 100 + (i % 50) : 150 - (i % 20)))

const frameNoise = (): Image => makeImage(60, 46, 4, 'noise', 3)

const yuv = (format: VideoPixelFormat, colorSpace: VideoColorSpaceInit) => async (): Promise<Case> => {
  const source = frameOf(format, planes(), { colorSpace })
  return { source, expected: seen(source, 60, 46), after: () => source.format === format }
}
const FILM = { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', fullRange: false } as const
const PHOTO = { matrix: 'smpte170m', primaries: 'bt709', transfer: 'iec61966-2-1', fullRange: true } as const

/** Cases of windows and workers. */
const everywhere = {
  'ImageData': async () => ({ source: dataOf(noise()), expected: noise() }),
  'a Blob with a PNG': async () => ({ source: await fetched('noise.png'), expected: await decoded('noise.rgba') }),
  'a File with a WebP': async () => ({ source: new File([await fetched('noise.webp')], 'noise.webp'), expected: await decoded('noise.rgba') }),
  'a PNG with a palette': async () => ({ source: await fetched('palette.png'), expected: await decoded('palette.rgba') }),
  'a grey PNG': async () => ({ source: await fetched('grey.png'), expected: await decoded('grey.rgba') }),
  'a PNG wider than textures are': async () => ({ source: await fetched('wide.png'), expected: await decoded('wide.rgba', 20_000, 3) }),
  'a JPEG that was taken upright': async () => {
    const source = await fetched('turned.jpg')
    return { source, expected: seen(await createImageBitmap(source), HEIGHT, WIDTH) }
  },
  'a JPEG that was taken upside down': async () => {
    const source = await fetched('half-turned.jpg')
    return { source, expected: seen(await createImageBitmap(source), WIDTH, HEIGHT) }
  },
  'a PNG with a colour profile': async () => {
    const source = await fetched('p3.png')
    return { source, expected: seen(await createImageBitmap(source), WIDTH, HEIGHT) }
  },
  'an ImageBitmap': async () => {
    const source = await createImageBitmap(dataOf(opaque()))
    return { source, expected: opaque(), after: () => source.width === WIDTH }
  },
  'an ImageBitmap with straight alpha, of ImageData': async () => ({ source: await createImageBitmap(dataOf(noise()), STRAIGHT), expected: noise() }),
  'an ImageBitmap with straight alpha, of a file': async () => ({
    source: await createImageBitmap(await fetched('noise.png'), STRAIGHT),
    expected: await decoded('noise.rgba'),
  }),
  'an OffscreenCanvas': async () => ({ source: drawn(new OffscreenCanvas(1, 1), opaque()), expected: opaque() }),
  'an OffscreenCanvas with alpha': async () => {
    const source = drawn(new OffscreenCanvas(1, 1), noise())
    return { source, expected: seen(source, WIDTH, HEIGHT) }
  },
  'an OffscreenCanvas that shows a bitmap': async () => {
    const source = new OffscreenCanvas(WIDTH, HEIGHT)
    source.getContext('bitmaprenderer')?.transferFromImageBitmap(await createImageBitmap(dataOf(opaque())))
    return { source, expected: opaque() }
  },
  'a VideoFrame of RGBA': async () => {
    const source = frameOf('RGBA', Uint8Array.from(frameNoise().data))
    return { source, expected: frameNoise(), after: () => source.format === 'RGBA' }
  },
  'a VideoFrame of BGRA': async () => ({ source: frameOf('BGRA', reordered(frameNoise(), [2, 1, 0])), expected: frameNoise() }),
  'a VideoFrame of RGBX': async () => ({ source: frameOf('RGBX', Uint8Array.from(frameNoise().data)), expected: makeOpaque(frameNoise()) }),
  'a VideoFrame of BGRX': async () => ({ source: frameOf('BGRX', reordered(frameNoise(), [2, 1, 0])), expected: makeOpaque(frameNoise()) }),
  'a VideoFrame of I420, as films are': yuv('I420', FILM),
  'a VideoFrame of I420, as photographs are': yuv('I420', PHOTO),
  'a VideoFrame of NV12, as films are': yuv('NV12', FILM),
  'a part of a VideoFrame': async () => {
    const image = makeOpaque(frameNoise())
    const source = frameOf('RGBA', Uint8Array.from(image.data), { visibleRect: { x: 10, y: 6, width: 20, height: 12 } })
    return { source, expected: seen(source, 20, 12) }
  },
  'a VideoFrame that is shown upside down and mirrored': async () => {
    const source = frameOf('RGBA', Uint8Array.from(makeOpaque(frameNoise()).data), { rotation: 180, flip: true } as Partial<VideoFrameBufferInit>)
    return { source, expected: seen(source, 60, 46) }
  },
  'a VideoFrame with pixels that are not square': async () => {
    const source = frameOf('RGBX', new Uint8Array(60 * 46 * 4).fill(123), { displayWidth: 120, displayHeight: 46 })
    return { source, expected: seen(source, 120, 46) }
  },
} satisfies Record<string, () => Promise<Case>>

function makeOpaque({ data, ...image }: Image): Image {
  return { ...image, data: data.map((value, index) => (index % 4 === 3 ? 255 : value)) }
}

async function picture(file: string): Promise<HTMLImageElement> {
  const image = new Image()
  image.src = `/${file}`
  await image.decode()
  return image
}

/** A video of a few frames, made on the spot, that stands still. */
async function video(): Promise<HTMLVideoElement> {
  const canvas = drawn(document.createElement('canvas'), makeImage(160, 120, 4, 'opaque-noise'))
  const recorder = new MediaRecorder(canvas.captureStream(30))
  const parts: Blob[] = []
  recorder.ondataavailable = ({ data }) => parts.push(data)
  recorder.start()
  for (let frame = 0; frame < 10; frame++) {
    drawn(canvas, makeImage(160, 120, 4, 'opaque-noise', frame + 1))
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  recorder.stop()
  await new Promise((resolve) => recorder.addEventListener('stop', resolve))
  const element = document.createElement('video')
  element.muted = true
  element.src = URL.createObjectURL(new Blob(parts))
  await new Promise((resolve, reject) => {
    element.addEventListener('loadeddata', resolve)
    element.addEventListener('error', () => reject(new Error('the video does not load')))
  })
  return element
}

/** Cases that a worker has not. */
const windows = {
  'an HTMLImageElement': async () => ({ source: await picture('noise.png'), expected: await decoded('noise.rgba') }),
  'an HTMLImageElement that is still loading': async () => {
    const source = new Image()
    source.src = `/noise.png?${performance.now()}`
    if (source.complete) throw new Error('it is there already')
    return { source, expected: await decoded('noise.rgba'), after: () => source.complete }
  },
  'an HTMLImageElement with a photograph taken upright': async () => {
    const source = await picture('turned.jpg')
    return { source, expected: seen(source, HEIGHT, WIDTH) }
  },
  'an HTMLImageElement with an SVG': async () => {
    const source = await picture('sized.svg')
    return { source, expected: seen(source, 40, 30) }
  },
  'an SVGImageElement': async () => {
    const source = document.createElementNS('http://www.w3.org/2000/svg', 'image')
    const loaded = new Promise((resolve) => source.addEventListener('load', resolve))
    source.setAttribute('href', '/opaque.png')
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
    svg.append(source)
    document.body.append(svg)
    await loaded
    return { source, expected: opaque() }
  },
  'an HTMLCanvasElement': async () => ({ source: drawn(document.createElement('canvas'), opaque()), expected: opaque() }),
  'an HTMLCanvasElement with alpha': async () => {
    const source = drawn(document.createElement('canvas'), noise())
    return { source, expected: seen(source, WIDTH, HEIGHT) }
  },
  'an HTMLCanvasElement without a context': async () => ({
    source: Object.assign(document.createElement('canvas'), { width: 5, height: 4 }),
    expected: blank(5, 4),
  }),
  'an HTMLVideoElement': async () => {
    const source = await video()
    await apply(source)
    return { source, expected: seen(source, 160, 120) }
  },
  'an HTMLVideoElement that shows a canvas': async () => {
    const source = document.createElement('video')
    source.muted = true
    source.srcObject = drawn(document.createElement('canvas'), makeImage(160, 120, 4, 'opaque-noise')).captureStream()
    await source.play()
    return { source, expected: seen(source, 160, 120) }
  },
  'a canvas of another window': async () => {
    const frame = document.createElement('iframe')
    document.body.append(frame)
    return { source: drawn((frame.contentDocument as Document).createElement('canvas'), opaque()), expected: opaque() }
  },
} satisfies Record<string, () => Promise<Case>>

/** Where there is WebGL for pages. */
const webgl = {
  'a canvas of WebGL': async () => {
    const source = painted(document.createElement('canvas'))
    return { source, expected: seen(source, 3, 2) }
  },
  'an OffscreenCanvas of WebGL': async () => {
    const source = painted(new OffscreenCanvas(1, 1))
    return { source, expected: seen(source, 3, 2) }
  },
} satisfies Record<string, () => Promise<Case>>

const CASES: Readonly<Record<string, () => Promise<Case>>> = { ...everywhere, ...windows, ...webgl }

export const EVERYWHERE = Object.keys(everywhere)
export const WINDOWS = Object.keys(windows)
export const WEBGL = Object.keys(webgl)

/** What is wrong with the pixels of a case, or null. */
export async function check(name: string): Promise<string | null> {
  const { source, expected, after } = await (CASES[name] as () => Promise<Case>)()
  const differs = difference(await apply(source), expected)
  if (differs !== undefined) return differs
  if (after?.() === false) return 'the source was changed'
  return new Set(expected.data).size < 2 && !name.includes('without a context') ? 'the case is empty' : null
}

const closed = <Closable extends ImageBitmap | VideoFrame>(source: Closable): Closable => {
  source.close()
  return source
}

async function foreign(url: string): Promise<HTMLImageElement> {
  const image = new Image()
  image.src = url
  await image.decode()
  return image
}

/** Sources that have no pixels to give; `elsewhere` is another origin. */
const refused: Readonly<Record<string, (elsewhere: string) => unknown>> = {
  'a broken file': () => fetched('broken.png'),
  'an empty Blob': () => new Blob(),
  'a file with an SVG': () => fetched('sized.svg'),
  'a closed ImageBitmap': async () => closed(await createImageBitmap(dataOf(opaque()))),
  'a closed VideoFrame': () => closed(frameOf('RGBA', Uint8Array.from(frameNoise().data))),
  'a canvas without pixels': () => new OffscreenCanvas(0, 5),
  'a picture without a source': () => new Image(),
  'a broken picture': () => Object.assign(new Image(), { src: '/broken.png' }),
  'a missing picture': () => Object.assign(new Image(), { src: '/missing.png' }),
  'a video without a source': () => document.createElement('video'),
  'a picture of another origin': (elsewhere) => foreign(`${elsewhere}noise.png`),
  'a canvas with a picture of another origin': async (elsewhere) => {
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('2d') as CanvasRenderingContext2D
    context.drawImage(await foreign(`${elsewhere}noise.png`), 0, 0)
    return canvas
  },
  'a picture without a size': () => picture('unsized.svg'),
  'a picture without an end': () => picture('endless.svg'),
  'ImageData of floats': () => new ImageData(2, 2, { pixelFormat: 'rgba-float16' } as ImageDataSettings),
  'a date': () => new Date(),
}

/** What is said of a source that has no pixels to give, or null where it has some. */
export async function refusal(name: string, elsewhere: string): Promise<{ code: string; message: string } | null> {
  try {
    await apply(await (refused[name] as (elsewhere: string) => unknown)(elsewhere))
    return null
  } catch (error) {
    if (!(error instanceof IsopixError)) throw error
    return { code: error.code, message: error.message }
  }
}

/** How many contexts of WebGL the package has made so far. */
export const contextsMade = (): number => contexts.length

const lose = (): void => contexts.at(-1)?.getExtension('WEBGL_lose_context')?.loseContext()

/** The contexts that there were are lost; whether new ones can be had says `more`. */
export function loseContexts(more: boolean): void {
  lose()
  if (!more) HTMLCanvasElement.prototype.getContext = new Proxy(HTMLCanvasElement.prototype.getContext, {
    apply: (get, canvas, args) => (args[0] === 'webgl' ? null : Reflect.apply(get, canvas, args)),
  })
}
