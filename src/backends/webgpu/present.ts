import { shaders } from '../../generated/shaders.js'
import { unitsPerRow } from './bands.js'
import type { GpuImage } from './gpu-image.js'
import type { Resources } from './resources.js'

const STORAGE = 0x80 | 0x08 // GPUBufferUsage.STORAGE | COPY_DST
const UNIFORM = 0x40 | 0x08 // GPUBufferUsage.UNIFORM | COPY_DST
const FORMAT = 'rgba8unorm'

type Picture = Pick<GpuImage, 'width' | 'height' | 'channels' | 'buffer'>

/** Whether canvases show what a GPU draws into them; found out once, since it is the browser's affair. */
let arrives: Promise<boolean> | undefined

/** Draws images into a canvas that nobody sees, and takes the picture out of it: the pixels never leave the GPU. */
export class Presenter {
  readonly #resources: Resources
  #canvas: OffscreenCanvas | undefined
  #pipeline: Promise<GPURenderPipeline> | undefined

  constructor(resources: Resources) {
    this.#resources = resources
  }

  /**
   * Whether pictures arrive where they are shown. A browser that composes its pages without the GPU may show nothing, and
   * Chromium then loses the device as well: one pixel is tried, before there are images to lose.
   */
  works(): Promise<boolean> {
    arrives ??= this.#try().catch(() => false)
    return arrives
  }

  /** The picture, or undefined where it is too large for a canvas. */
  async present(image: Picture): Promise<ImageBitmap | undefined> {
    const { device } = this.#resources
    const { width, height, channels } = image
    if (Math.max(width, height) > device.limits.maxTextureDimension2D) return undefined
    this.#pipeline ??= this.#compile()
    const pipeline = await this.#pipeline
    const canvas = (this.#canvas ??= new OffscreenCanvas(width, height))
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('webgpu') as GPUCanvasContext
    context.configure({ device, format: FORMAT, alphaMode: channels === 4 ? 'premultiplied' : 'opaque' })
    const picture = this.#resources.take(16, UNIFORM)
    try {
      const units = unitsPerRow({ width, height, channels: channels === 1 ? 1 : 4, format: 'u8' })
      device.queue.writeBuffer(picture, 0, Uint32Array.of(width, units, channels))
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginRenderPass({
        colorAttachments: [{ view: context.getCurrentTexture().createView(), loadOp: 'clear', storeOp: 'store' }],
      })
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, this.#resources.bindGroups.of(pipeline, [[0, { buffer: image.buffer }], [1, { buffer: picture }]]))
      pass.draw(3)
      pass.end()
      device.queue.submit([encoder.finish()])
      return canvas.transferToImageBitmap()
    } finally {
      this.#resources.give(picture)
    }
  }

  async #try(): Promise<boolean> {
    if (typeof OffscreenCanvas === 'undefined') return false
    const { device } = this.#resources
    const buffer = this.#resources.take(4, STORAGE)
    try {
      device.queue.writeBuffer(buffer, 0, Uint32Array.of(0xffffffff))
      const bitmap = (await this.present({ width: 1, height: 1, channels: 4, buffer })) as ImageBitmap
      const seen = new OffscreenCanvas(1, 1).getContext('2d') as OffscreenCanvasRenderingContext2D
      seen.drawImage(bitmap, 0, 0)
      bitmap.close()
      // A device that is lost over it is known to be lost from here on.
      await device.queue.onSubmittedWorkDone()
      return seen.getImageData(0, 0, 1, 1).data[3] === 255
    } finally {
      this.#resources.give(buffer)
    }
  }

  async #compile(): Promise<GPURenderPipeline> {
    this.#resources.pipelinesCompiled++
    const { device } = this.#resources
    const module = device.createShaderModule({ code: shaders['present.wgsl'] as string })
    return device.createRenderPipelineAsync({
      layout: 'auto',
      vertex: { module, entryPoint: 'cover' },
      fragment: { module, entryPoint: 'pixel', targets: [{ format: FORMAT }] },
    })
  }
}
