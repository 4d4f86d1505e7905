// Runs in a page: a loop over the frames of a video.
import { type Engine, type Source, type Step, createEngine, gaussianBlur, saturate, sharpen } from '../../src/index.js'

/** What of ours was made in this page and is not closed yet. */
const open = { frames: 0, bitmaps: 0 }
/** How many bitmaps there were. */
let bitmapsMade = 0

/** From here on frames and bitmaps are counted. */
function count(): void {
  if (globalThis.VideoFrame !== undefined) {
    const { close } = VideoFrame.prototype
    globalThis.VideoFrame = new Proxy(VideoFrame, {
      construct(target, args, newTarget) {
        open.frames++
        return Reflect.construct(target, args, newTarget)
      },
    })
    VideoFrame.prototype.close = function () {
      if (this.format !== null) open.frames--
      close.call(this)
    }
  }
  const { close } = ImageBitmap.prototype
  const { createImageBitmap } = globalThis
  const { transferFromImageBitmap } = ImageBitmapRenderingContext.prototype
  globalThis.createImageBitmap = (async (...args: Parameters<typeof createImageBitmap>) => {
    const bitmap = await createImageBitmap(...args)
    open.bitmaps++
    bitmapsMade++
    return bitmap
  }) as typeof createImageBitmap
  ImageBitmap.prototype.close = function () {
    if (this.width > 0) open.bitmaps--
    close.call(this)
  }
  ImageBitmapRenderingContext.prototype.transferFromImageBitmap = function (bitmap) {
    if (bitmap !== null) open.bitmaps--
    transferFromImageBitmap.call(this, bitmap)
  }
}

/** A camera that films a moving gradient. */
function film(width: number, height: number): MediaStream {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d') as CanvasRenderingContext2D
  let time = 0
  setInterval(() => {
    const gradient = context.createLinearGradient(0, 0, width, height)
    gradient.addColorStop(0, `hsl(${time % 360} 80% 50%)`)
    gradient.addColorStop(1, `hsl(${(time + 120) % 360} 60% 40%)`)
    context.fillStyle = gradient
    context.fillRect(0, 0, width, height)
    context.fillStyle = '#fff'
    context.fillRect((time * 7) % width, height / 3, width / 10, height / 10)
    time++
  }, 30)
  return canvas.captureStream()
}

async function play(stream: MediaStream): Promise<HTMLVideoElement> {
  const video = document.createElement('video')
  video.muted = true
  video.srcObject = stream
  document.body.append(video)
  await video.play()
  return video
}

const next = (video: HTMLVideoElement): Promise<unknown> => new Promise((resolve) => video.requestVideoFrameCallback(resolve))

export interface Options {
  readonly width: number
  readonly height: number
  readonly backend: 'wasm' | 'webgpu'
  /** Whether results stay where they were made and are drawn, or go into one ImageData. */
  readonly keep: boolean
  /** Whether the engine gets the video, or frames that are taken from it. */
  readonly from: 'video' | 'frames'
  /** Who films: a canvas, whose frames are RGB, or a camera, whose frames are brightness and colour apart. */
  readonly by: 'canvas' | 'camera'
}

interface Loop extends Options {
  readonly engine: Engine
  readonly video: HTMLVideoElement
  readonly canvas: HTMLCanvasElement
  readonly into: ImageData
}

let loop: Loop | undefined
const steps: readonly Step[] = [gaussianBlur({ sigma: 2 }), saturate({ amount: 1.5 }), sharpen()]

export async function start(options: Options): Promise<void> {
  count()
  const { width, height, keep, by } = options
  const engine = await createEngine({ threads: 2, backend: options.backend })
  const canvas = document.createElement('canvas')
  if (!keep) canvas.getContext('2d')
  document.body.append(canvas)
  const stream = by === 'canvas' ? film(width, height) : await navigator.mediaDevices.getUserMedia({ video: { width, height, frameRate: 30 } })
  loop = { ...options, engine, canvas, video: await play(stream), into: new ImageData(width, height) }
}

export interface Report {
  readonly milliseconds: number
  readonly arenaBytesUsed: number
  readonly arenaBytesReserved: number
  readonly gpuBytesAllocated: number
  readonly openFrames: number
  readonly openBitmaps: number
  readonly bitmapsMade: number
  /** How many frames differed from the one before. */
  readonly changed: number
}

/** Filters and shows so many frames. */
export async function run(frames: number): Promise<Report> {
  const { engine, video, from } = loop as Loop
  const start = performance.now()
  let changed = 0
  let last = -1
  for (let index = 0; index < frames; index++) {
    await next(video)
    if (from === 'video') {
      await show(video)
    } else {
      const frame = new VideoFrame(video)
      await show(frame)
      if (frame.format === null) throw new Error('the frame was closed')
      frame.close()
    }
    const sum = brightness()
    if (sum !== last) changed++
    last = sum
  }
  const { arenaBytesUsed, arenaBytesReserved, gpuBytesAllocated } = engine.stats()
  return {
    milliseconds: performance.now() - start,
    arenaBytesUsed,
    arenaBytesReserved,
    gpuBytesAllocated,
    openFrames: open.frames,
    openBitmaps: open.bitmaps,
    bitmapsMade,
    changed,
  }
}

async function show(source: Source): Promise<void> {
  const { engine, canvas, into, keep } = loop as Loop
  if (keep) {
    const kept = await engine.apply(source, steps, { keep: true })
    await kept.drawTo(canvas)
    kept.dispose()
    return
  }
  await engine.apply(source, steps, { into })
  canvas.width = into.width
  canvas.height = into.height
  canvas.getContext('2d')?.putImageData(into, 0, 0)
}

const probe = new OffscreenCanvas(8, 8).getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D

/** What is seen in the canvas, in one number. */
function brightness(): number {
  probe.drawImage((loop as Loop).canvas, 0, 0, 8, 8)
  return probe.getImageData(0, 0, 8, 8).data.reduce((sum, value, index) => sum + value * (index + 1), 0)
}

/** Puts a video and a canvas into the page, for an example to find. */
export async function stage(width: number, height: number): Promise<void> {
  await play(film(width, height))
  document.body.append(document.createElement('canvas'))
}

/** The canvas of the page once it shows something else than it does now. */
export async function shown(): Promise<{ width: number; height: number }> {
  const canvas = document.querySelector('canvas') as HTMLCanvasElement
  const look = (): string => {
    probe.clearRect(0, 0, 8, 8)
    probe.drawImage(canvas, 0, 0, 8, 8)
    return probe.getImageData(0, 0, 8, 8).data.join()
  }
  const before = look()
  while (look() === before) await new Promise((resolve) => setTimeout(resolve, 20))
  return { width: canvas.width, height: canvas.height }
}
