import type { Rows } from '../../border.js'
import { BackendError, UnsupportedError } from '../../errors.js'
import { widenFill } from '../../filters/maths.js'
import { type Image, clamped } from '../../image.js'
import { type Plan, compile, isReduced } from '../../plan.js'
import { COUNTS, type Shape, type Slot } from '../../stage.js'
import type { Backend, Call, Outcome } from '../backend.js'
import { type Band, bandsOf, bytesPerRow, unitsPerRow } from './bands.js'
import { rowsPerThread } from './compose.js'
import { type GpuDevice, openDevice } from './device.js'
import { AT, FRAME_FIELDS, type Frame } from './frame.js'
import { type Pass, passes, realNodes } from './passes.js'
import { Resources } from './resources.js'
import { WORKGROUP, reachOf } from './tile.js'
import { fromUnits, toUnits } from './units.js'

const HISTOGRAM_WORKGROUP = 256
const HISTOGRAM_ROWS = 16
/** Offsets of bindings are multiples of this on every device. */
const OFFSET_BYTES = 256

const STORAGE = 0x80 | 0x08 | 0x04 // GPUBufferUsage.STORAGE | COPY_DST | COPY_SRC
const READBACK = 0x01 | 0x08 // GPUBufferUsage.MAP_READ | COPY_DST
const MAP_READ = 0x01 // GPUMapMode.READ

export interface WebgpuOptions {
  /**
   * Windows read through the workgroup's memory: made for hardware, where that saves reads. A program on the CPU is an
   * order of magnitude slower with barriers than without. The bytes are the same.
   */
  readonly tiles?: boolean | undefined
  /** The largest buffer; images that need larger ones are cut into bands. Default: the adapter's limit. */
  readonly maxBufferBytes?: number | undefined
}

export class WebgpuBackend implements Backend {
  readonly name = 'webgpu'
  readonly adapter: string
  readonly software: boolean
  readonly resources: Resources
  readonly #maxBufferBytes: number
  readonly #owned: boolean
  /** Set when the device was lost: why. */
  lost: string | undefined

  /** The backend, or the reason why there is none. */
  static async open(options?: WebgpuOptions, device?: GPUDevice): Promise<WebgpuBackend | string> {
    const opened = await openDevice(device)
    return typeof opened === 'string' ? opened : new WebgpuBackend(opened, options)
  }

  constructor({ device, name, software, owned }: GpuDevice, { tiles = !software, maxBufferBytes = device.limits.maxStorageBufferBindingSize }: WebgpuOptions = {}) {
    this.#maxBufferBytes = maxBufferBytes
    this.#owned = owned
    this.adapter = name
    this.software = software
    this.resources = new Resources(device, tiles)
    void device.lost.then(({ reason, message }) => {
      this.lost = message || reason
    })
  }

  async run({ image, steps, into, signal, onProgress }: Call): Promise<Outcome> {
    const { width, height, channels } = image
    const plan = compile(steps, { width, height, channels, format: 'u8' }, false)
    const shapes = plan.nodes.map(({ shape }) => (shape.channels === 3 ? { ...shape, channels: 4 as const } : shape))
    const made = passes(plan, this.resources.tiles)
    const result = realNodes(plan)[plan.result] as number
    const bands = bandsOf(plan, made, shapes, result, this.#maxBufferBytes)
    if (bands === undefined) {
      throw new UnsupportedError(`webgpu: these steps need the whole image, which does not fit the limit of ${this.#maxBufferBytes} bytes a buffer; use the backend "wasm"`)
    }
    const shape = (plan.nodes[plan.result] as Plan['nodes'][number]).shape
    const out = into?.data ?? new Uint8ClampedArray(shape.width * shape.height * shape.channels)
    let moved = 0
    for (const [index, band] of bands.entries()) {
      signal?.throwIfAborted()
      const work = new BandWork(this.resources, plan, shapes, made, band)
      try {
        const bytes = await this.#guard(work.execute(image, result))
        signal?.throwIfAborted()
        const { from } = band.get(result) as Rows
        fromUnits(bytes, shape, out.subarray(from * shape.width * shape.channels))
        moved += work.bytesUploaded + bytes.length
        work.release()
      } catch (error) {
        work.release()
        throw error
      }
      onProgress?.((index + 1) / bands.length)
    }
    const target = into ?? { width: shape.width, height: shape.height, channels: shape.channels, data: clamped(out) }
    return { image: target, passes: made.length, strips: bands.length, bytesMoved: moved }
  }

  async close(): Promise<void> {
    if (this.#owned) this.resources.device.destroy()
    else this.resources.release()
  }

  /** Rejects with a BackendError as soon as the device is lost or reports an error. */
  async #guard<T>(work: Promise<T>): Promise<T> {
    const { device } = this.resources
    device.pushErrorScope('validation')
    device.pushErrorScope('out-of-memory')
    const lost = device.lost.then(({ message, reason }): never => {
      throw new BackendError(`webgpu: the device was lost: ${message || reason}`)
    })
    let failure: unknown
    let value: T | undefined
    try {
      value = await Promise.race([work, lost])
    } catch (error) {
      failure = error
    }
    const memory = await device.popErrorScope().catch(() => null)
    const validation = await device.popErrorScope().catch(() => null)
    const reported = memory ?? validation
    if (reported !== null) throw new BackendError(`webgpu: ${reported.message}`, { cause: failure })
    if (failure !== undefined) {
      throw failure instanceof BackendError ? failure : new BackendError(`webgpu: ${failure instanceof Error ? failure.message : String(failure)}`, { cause: failure })
    }
    return value as T
  }
}

/** One band of one call: one command buffer, one submit, one readback. */
class BandWork {
  bytesUploaded = 0
  readonly #resources: Resources
  readonly #plan: Plan
  readonly #shapes: readonly Shape[]
  readonly #passes: readonly Pass[]
  readonly #band: Band
  readonly #buffers = new Map<number, GPUBuffer>()
  readonly #taken: GPUBuffer[] = []
  /** Tables that are made on the GPU, and where in `data` they have to go. */
  readonly #tables = new Map<number, GPUBuffer>()

  constructor(resources: Resources, plan: Plan, shapes: readonly Shape[], made: readonly Pass[], band: Band) {
    this.#resources = resources
    this.#plan = plan
    this.#shapes = shapes
    this.#passes = made
    this.#band = band
  }

  async execute(image: Image, result: number): Promise<Uint8Array> {
    const { device } = this.#resources
    const pipelines = await Promise.all(this.#passes.map((pass) => this.#resources.pipeline(pass, this.#shapes)))
    const tables = await Promise.all(
      this.#passes.map((pass) => (pass.reduces ? this.#resources.tablePipeline(this.#reduction(pass).shader) : undefined)),
    )
    this.#upload(image)
    const blocks = this.#passes.map((pass) => this.#dataOf(pass))
    const tableBlocks = this.#passes.map((pass) => this.#tableDataOf(pass))
    const data = this.#placeBlocks([...blocks, ...tableBlocks])

    const encoder = device.createCommandEncoder()
    for (const [index, pass] of this.#passes.entries()) {
      const { offset, words, reduced } = data.blocks[index] as PlacedBlock
      for (const { node, at } of reduced) {
        const table = this.#tables.get(node) as GPUBuffer
        encoder.copyBufferToBuffer(table, 0, data.buffer, offset + at * 4, this.#reductionOf(node).tableSize * 4)
      }
      const binding = { buffer: data.buffer, offset, size: words.byteLength }
      const pipeline = pipelines[index] as GPUComputePipeline
      const table = tables[index]
      const tableBlock = data.blocks[this.#passes.length + index] as PlacedBlock
      const tableBinding = { buffer: data.buffer, offset: tableBlock.offset, size: tableBlock.words.byteLength }
      if (table !== undefined) this.#encodeReduction(encoder, pass, pipeline, binding, table, tableBinding)
      else this.#encodePass(encoder, pass, pipeline, binding)
    }
    const rows = this.#band.get(result) as Rows
    const bytes = (rows.to - rows.from) * bytesPerRow(this.#shapes[result] as Shape)
    const readback = this.#take(bytes, READBACK)
    encoder.copyBufferToBuffer(this.#bufferOf(result), 0, readback, 0, bytes)
    device.queue.submit([encoder.finish()])
    await readback.mapAsync(MAP_READ, 0, bytes)
    const copy = new Uint8Array(readback.getMappedRange(0, bytes)).slice()
    readback.unmap()
    return copy
  }

  release(): void {
    for (const buffer of this.#taken.splice(0)) this.#resources.give(buffer)
  }

  #upload(image: Image): void {
    const { from, to } = this.#band.get(0) ?? { from: 0, to: 0 }
    if (to === from) return
    const rowBytes = image.width * image.channels
    const units = toUnits(image.data.subarray(from * rowBytes, to * rowBytes), image)
    this.#resources.device.queue.writeBuffer(this.#bufferOf(0), 0, units.buffer, units.byteOffset, units.byteLength)
    this.bytesUploaded += units.byteLength
  }

  #encodePass(encoder: GPUCommandEncoder, pass: Pass, pipeline: GPUComputePipeline, data: GPUBufferBinding): void {
    const rows = this.#band.get(pass.output) as Rows
    const units = unitsPerRow(this.#shapes[pass.output] as Shape)
    const encoding = encoder.beginComputePass()
    encoding.setPipeline(pipeline)
    encoding.setBindGroup(0, this.#bind(pipeline, pass, data, { buffer: this.#bufferOf(pass.output) }))
    encoding.dispatchWorkgroups(Math.ceil(units / WORKGROUP), Math.ceil((rows.to - rows.from) / (WORKGROUP * rowsPerThread(pass))))
    encoding.end()
  }

  #encodeReduction(
    encoder: GPUCommandEncoder,
    pass: Pass,
    pipeline: GPUComputePipeline,
    data: GPUBufferBinding,
    table: GPUComputePipeline,
    tableData: GPUBufferBinding,
  ): void {
    const counts = this.#take(4096, STORAGE)
    const result = this.#take(4096, STORAGE)
    const shape = this.#lastShape(pass)
    encoder.clearBuffer(counts)
    const counting = encoder.beginComputePass()
    counting.setPipeline(pipeline)
    counting.setBindGroup(0, this.#bind(pipeline, pass, data, { buffer: counts }))
    counting.dispatchWorkgroups(Math.ceil(unitsPerRow(shape) / HISTOGRAM_WORKGROUP), Math.ceil(shape.height / HISTOGRAM_ROWS))
    counting.end()
    const finishing = encoder.beginComputePass()
    finishing.setPipeline(table)
    const entries = [
      { binding: 0, resource: { buffer: counts } },
      { binding: 1, resource: { buffer: result } },
    ]
    // A shader that has no parameters has no binding for them.
    if (this.#reduction(pass).params.length > 0) entries.push({ binding: 2, resource: tableData })
    finishing.setBindGroup(0, this.#resources.device.createBindGroup({ layout: table.getBindGroupLayout(0), entries }))
    finishing.dispatchWorkgroups(1)
    finishing.end()
    this.#tables.set(pass.output, result)
  }

  #bind(pipeline: GPUComputePipeline, pass: Pass, data: GPUBufferBinding, dst: GPUBufferBinding): GPUBindGroup {
    const entries = [
      { binding: 0, resource: { buffer: this.#bufferOf(pass.input) } },
      { binding: 2, resource: data },
      { binding: 3, resource: dst },
    ]
    if (pass.join >= 0) entries.push({ binding: 1, resource: { buffer: this.#bufferOf(pass.join) } })
    return this.#resources.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries })
  }

  /** The frame of a pass, its levels' parameters and their tables, as one block of `data`. */
  #dataOf(pass: Pass): Block {
    const levels = [...pass.before, ...(pass.window ? [pass.window] : []), ...pass.after]
    const words: number[] = new Array(AT + levels.length).fill(0)
    const reduced: { node: number; at: number }[] = []
    const place = (slot: Slot): number => {
      if (typeof slot === 'number') return slot
      if (slot === COUNTS) return 0
      const at = words.length
      if (isReduced(slot)) {
        reduced.push({ node: slot.reduction, at })
        for (let i = 0; i < this.#reductionOf(slot.reduction).tableSize; i++) words.push(0)
      } else {
        for (const value of slot) words.push(value)
      }
      return at
    }
    levels.forEach(({ stage }, index) => {
      const slots = Object.values(stage.params ?? {}).map(place)
      words[AT + index] = words.length
      words.push(...slots)
    })
    const starts = pass.window?.stage.rows?.starts
    const frame = this.#frameOf(pass, starts === undefined ? 0 : place(starts))
    FRAME_FIELDS.forEach((field, slot) => {
      words[slot] = frame[field]
    })
    return { words: Int32Array.from(words), reduced }
  }

  /** The parameters of the function that makes a reduction's table, as another block. */
  #tableDataOf(pass: Pass): Block {
    return { words: Int32Array.from(pass.reduces ? this.#reduction(pass).params : []), reduced: [] }
  }

  #frameOf(pass: Pass, rowStarts: number): Frame {
    const source = this.#shapes[pass.input] as Shape
    const output = pass.reduces ? this.#lastShape(pass) : (this.#shapes[pass.output] as Shape)
    const rows = pass.reduces ? { from: 0, to: output.height } : (this.#band.get(pass.output) as Rows)
    const opInput = pass.before.at(-1)?.shape ?? source
    const { fill = [0, 0, 0, 0], rows: taps } = pass.window?.stage ?? {}
    const { left, right, up, down } = reachOf(pass)
    const [red, green = red, blue = red, alpha = red] = opInput.format === 'i16' ? widenFill(fill, opInput.channels) : opInput.channels === 1 ? [fill[0]] : fill
    return {
      width: output.width,
      firstRow: rows.from,
      rows: rows.to - rows.from,
      dstFirst: rows.from,
      dstUnits: unitsPerRow(output),
      srcWidth: source.width,
      srcHeight: source.height,
      srcFirst: this.#band.get(pass.input)?.from ?? 0,
      srcUnits: unitsPerRow(source),
      joinedFirst: pass.join < 0 ? 0 : (this.#band.get(pass.join)?.from ?? 0),
      joinedUnits: pass.join < 0 ? 0 : unitsPerRow(this.#shapes[pass.join] as Shape),
      opWidth: opInput.width,
      opHeight: opInput.height,
      fill: red as number,
      fillGreen: green as number,
      fillBlue: blue as number,
      fillAlpha: alpha as number,
      rowOffset: taps?.offset ?? 0,
      rowStarts,
      reachLeft: left,
      reachRight: right,
      reachUp: up,
      reachDown: down,
    }
  }

  #placeBlocks(blocks: readonly Block[]): { buffer: GPUBuffer; blocks: readonly PlacedBlock[] } {
    let size = 0
    const placed = blocks.map((block) => {
      const offset = size
      size = Math.ceil((size + block.words.byteLength) / OFFSET_BYTES) * OFFSET_BYTES
      return { ...block, offset }
    })
    const buffer = this.#take(size, STORAGE)
    const all = new Uint8Array(size)
    for (const { words, offset } of placed) all.set(new Uint8Array(words.buffer), offset)
    this.#resources.device.queue.writeBuffer(buffer, 0, all)
    this.bytesUploaded += size
    return { buffer, blocks: placed }
  }

  #lastShape(pass: Pass): Shape {
    return pass.after.at(-1)?.shape ?? pass.window?.shape ?? pass.before.at(-1)?.shape ?? (this.#shapes[pass.input] as Shape)
  }

  #reduction(pass: Pass) {
    return this.#reductionOf(pass.output)
  }

  #reductionOf(node: number) {
    const { reduce } = (this.#plan.nodes[node] as Plan['nodes'][number]).stage
    if (reduce === undefined) throw new Error(`node ${node} is no reduction`)
    return reduce
  }

  #bufferOf(node: number): GPUBuffer {
    let buffer = this.#buffers.get(node)
    if (buffer === undefined) {
      const { from, to } = this.#band.get(node) as Rows
      buffer = this.#take((to - from) * bytesPerRow(this.#shapes[node] as Shape), STORAGE)
      this.#buffers.set(node, buffer)
    }
    return buffer
  }

  #take(bytes: number, usage: number): GPUBuffer {
    const buffer = this.#resources.take(bytes, usage)
    this.#taken.push(buffer)
    return buffer
  }
}

interface Block {
  readonly words: Int32Array
  readonly reduced: readonly { readonly node: number; readonly at: number }[]
}

interface PlacedBlock extends Block {
  readonly offset: number
}
