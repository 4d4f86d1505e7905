import { shaders } from '../../generated/shaders.js'
import { unitsPerRow } from './bands.js'
import type { GpuImage } from './gpu-image.js'
import type { Resources } from './resources.js'

const UNIFORM = 0x40 | 0x08 // GPUBufferUsage.UNIFORM | COPY_DST
const FORMAT = 'rgba8unorm'

/** Draws an image into a canvas that nobody sees, and takes the picture out of it: the pixels never leave the GPU. */
export async function present(resources: Resources, image: GpuImage): Promise<ImageBitmap> {
  const { width, height, channels } = image
  const { device } = resources
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('webgpu') as GPUCanvasContext
  context.configure({ device, format: FORMAT, alphaMode: channels === 4 ? 'premultiplied' : 'opaque' })
  const pipeline = await resources.renderPipeline(shaders['present.wgsl'] as string, FORMAT)
  const picture = resources.take(16, UNIFORM)
  try {
    const units = unitsPerRow({ width, height, channels: channels === 1 ? 1 : 4, format: 'u8' })
    device.queue.writeBuffer(picture, 0, Uint32Array.of(width, units, channels))
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginRenderPass({
      colorAttachments: [{ view: context.getCurrentTexture().createView(), loadOp: 'clear', storeOp: 'store' }],
    })
    pass.setPipeline(pipeline)
    const entries = [image.buffer, picture].map((buffer, binding) => ({ binding, resource: { buffer } }))
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
    pass.draw(3)
    pass.end()
    device.queue.submit([encoder.finish()])
    return canvas.transferToImageBitmap()
  } finally {
    resources.give(picture)

  }
}
