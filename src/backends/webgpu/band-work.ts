import type { Rows } from '../../border.js'
import { copyInBands } from '../../copy.js'
import { widenFill } from '../../filters/maths.js'
import type { Image } from '../../image.js'
import { type Plan, isReduced } from '../../plan.js'
import { COUNTS, type Shape, type Slot } from '../../stage.js'
import { type Band, bytesPerRow, unitsPerRow } from './bands.js'
import { shareOf } from './compose.js'
import { AT, FRAME_FIELDS, type Frame } from './frame.js'
import { GpuImage } from './gpu-image.js'
import { type Pass, levelsOf } from './passes.js'
import { type Resources, bufferSize } from './resources.js'
import { WORKGROUP, reachOf } from './tile.js'
import { fromUnits, toUnits } from './units.js'

const HISTOGRAM_WORKGROUP = 256
const HISTOGRAM_ROWS = 16
/** Offsets of bindings are multiples of this on every device. */
const OFFSET_BYTES = 256

const STORAGE = 0x80 | 0x08 | 0x04 // GPUBufferUsage.STORAGE | COPY_DST | COPY_SRC
const UNIFORM = 0x40 // GPUBufferUsage.UNIFORM
const READBACK = 0x01 | 0x08 // GPUBufferUsage.MAP_READ | COPY_DST
const MAP_READ = 0x01 // GPUMapMode.READ

/** When to look whether a call is still wanted. */
export interface Stop {
  readonly signal: AbortSignal | undefined
  /** Work that is submitted at once where there is a signal: passes of larger chains wait for those before. */
  readonly workPerSubmit: number
}

const workOf = ({ before, window, after }: Pass): number =>
  [...before, ...(window === undefined ? [] : [window]), ...after].reduce((sum, { stage, shape }) => sum + stage.work * shape.width * shape.height, 0)

/** One band of one call: one command buffer, one submit, one readback; more submits where a large one may be aborted. */
export class BandWork {
  bytesUploaded = 0
  readonly #resources: Resources
  readonly #plan: Plan
  readonly #shapes: readonly Shape[]
  readonly #passes: readonly Pass[]
  readonly #band: Band
  readonly #stop: Stop
  readonly #buffers = new Map<number, GPUBuffer>()
  readonly #taken: GPUBuffer[] = []
  /** Those that hold nothing any more. */
  readonly #spare: GPUBuffer[] = []
  /** Tables that are made on the GPU, and where in `data` they have to go. */
  readonly #tables = new Map<number, GPUBuffer>()

  constructor(resources: Resources, plan: Plan, shapes: readonly Shape[], made: readonly Pass[], band: Band, stop: Stop) {
    this.#stop = stop
    this.#resources = resources
    this.#plan = plan
    this.#shapes = shapes
    this.#passes = made
    this.#band = band
  }

  /** Runs the passes and copies the result to the CPU, into the rows of `out` that are the band's. */
  async read(image: Image | GpuImage, result: number, shape: Shape, out: Uint8ClampedArray): Promise<void> {
    const { device } = this.#resources
    const bytes = this.#bytesOf(result)
    const encoder = await this.#encode(image, result)
    const readback = this.#take(bytes, READBACK)
    encoder.copyBufferToBuffer(this.#bufferOf(result), 0, readback, 0, bytes)
    device.queue.submit([encoder.finish()])
    await readback.mapAsync(MAP_READ, 0, bytes)
    const mapped = new Uint8Array(readback.getMappedRange(0, bytes))
    const { from: firstRow } = this.#band.get(result) as Rows
    const unitBytes = bytesPerRow(this.#shapes[result] as Shape)
    const rowBytes = shape.width * shape.channels
    await copyInBands(bytes, unitBytes, (from, to) => fromUnits(mapped.subarray(from, to), shape, out.subarray((firstRow + from / unitBytes) * rowBytes)))
    readback.unmap()
  }

  /** Runs the passes and gives back the buffer that holds the result, one that is not the source's. */
  async keep(image: Image | GpuImage, result: number): Promise<GPUBuffer> {
    const { device } = this.#resources
    const encoder = await this.#encode(image, result)
    let buffer = this.#bufferOf(result)
    if (!this.#taken.includes(buffer)) {
      const source = buffer
      buffer = this.#take(this.#bytesOf(result), STORAGE)
      encoder.copyBufferToBuffer(source, 0, buffer, 0, this.#bytesOf(result))
    }
    device.queue.submit([encoder.finish()])
    await device.queue.onSubmittedWorkDone()
    return buffer
  }

  /** From now on a buffer is the caller's. */
  own(buffer: GPUBuffer): GPUBuffer {
    this.#taken.splice(this.#taken.indexOf(buffer), 1)
    return buffer
  }

  /** What no later pass reads may hold what a later pass makes. Others' calls get none of it before this one was submitted. */
  #spareAfter(index: number, result: number): void {
    const { input, join } = this.#passes[index] as Pass
    for (const node of new Set([input, join])) {
      const isRead = node === result || this.#passes.slice(index + 1).some((later) => later.input === node || later.join === node)
      const buffer = this.#buffers.get(node)
      if (!isRead && buffer !== undefined && this.#taken.includes(buffer)) this.#spare.push(buffer)
    }
  }

  #bytesOf(node: number): number {
    const { from, to } = this.#band.get(node) as Rows
    return (to - from) * bytesPerRow(this.#shapes[node] as Shape)
  }

  async #encode(image: Image | GpuImage, result: number): Promise<GPUCommandEncoder> {
    const { device } = this.#resources
    const pipelines = await Promise.all(this.#passes.map((pass) => this.#resources.pipeline(pass, this.#shapes)))
    const tables = await Promise.all(
      this.#passes.map((pass) => (pass.reduces ? this.#resources.tablePipeline(this.#reduction(pass).shader) : undefined)),
    )
    const { signal, workPerSubmit } = this.#stop
    signal?.throwIfAborted()
    await this.#upload(image)
    signal?.throwIfAborted()
    const blocks = this.#passes.map((pass) => this.#dataOf(pass))
    const tableBlocks = this.#passes.map((pass) => this.#tableDataOf(pass))
    const data = this.#placeBlocks([...blocks, ...tableBlocks])

    let encoder = device.createCommandEncoder()
    let work = 0
    for (const [index, pass] of this.#passes.entries()) {
      if (signal !== undefined && index > 0 && work >= workPerSubmit) {
        device.queue.submit([encoder.finish()])
        await device.queue.onSubmittedWorkDone()
        signal.throwIfAborted()
        encoder = device.createCommandEncoder()
        work = 0
      }
      work += workOf(pass)
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
      this.#spareAfter(index, result)
    }
    return encoder
  }

  /** In reverse, so that the next call of this shape is given the same buffers for the same ends. */
  release(): void {
    for (const buffer of this.#taken.splice(0).reverse()) this.#resources.give(buffer)
  }

  async #upload(image: Image | GpuImage): Promise<void> {
    if (image instanceof GpuImage) {
      this.#buffers.set(0, image.buffer)
      return
    }
    const { from, to } = this.#band.get(0) ?? { from: 0, to: 0 }
    if (to === from) return
    const rowBytes = image.width * image.channels
    const { queue } = this.#resources.device
    const target = this.#bufferOf(0)
    await copyInBands((to - from) * rowBytes, rowBytes, (start, end) => {
      const shared = toUnits(image.data.subarray(from * rowBytes + start, from * rowBytes + end), image)
      // Dawn takes no memory that workers share, which images of the engine are in.
      const units = shared.buffer instanceof ArrayBuffer ? shared : shared.slice()
      queue.writeBuffer(target, (start / rowBytes) * bytesPerRow(this.#shapes[0] as Shape), units.buffer, units.byteOffset, units.byteLength)
      this.bytesUploaded += units.byteLength
    })
  }

  #encodePass(encoder: GPUCommandEncoder, pass: Pass, pipeline: GPUComputePipeline, data: GPUBufferBinding): void {
    const rows = this.#band.get(pass.output) as Rows
    const units = unitsPerRow(this.#shapes[pass.output] as Shape)
    const encoding = encoder.beginComputePass()
    encoding.setPipeline(pipeline)
    encoding.setBindGroup(0, this.#bind(pipeline, pass, data, { buffer: this.#bufferOf(pass.output) }))
    const share = shareOf(pass)
    encoding.dispatchWorkgroups(Math.ceil(units / (WORKGROUP * share.units)), Math.ceil((rows.to - rows.from) / (WORKGROUP * share.rows)))
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
    // A shader that has no parameters has no binding for them.
    const params = this.#reduction(pass).params.length > 0 ? [[2, tableData] as const] : []
    finishing.setBindGroup(0, this.#resources.bindGroups.of(table, [[0, { buffer: counts }], [1, { buffer: result }], ...params]))
    finishing.dispatchWorkgroups(1)
    finishing.end()
    this.#tables.set(pass.output, result)
  }

  #bind(pipeline: GPUComputePipeline, pass: Pass, data: GPUBufferBinding, dst: GPUBufferBinding): GPUBindGroup {
    const joined = pass.join < 0 ? [] : [[1, { buffer: this.#bufferOf(pass.join) }] as const]
    // Without levels, a pass that only counts, there are no parameters.
    const params = levelsOf(pass).length > 0 ? [[2, data] as const] : []
    const frame = { ...data, size: 4 * AT }
    return this.#resources.bindGroups.of(pipeline, [[0, { buffer: this.#bufferOf(pass.input) }], ...joined, ...params, [3, dst], [4, frame]])
  }

  /** The frame of a pass, its levels' parameters and their tables, as one block of `data`. */
  #dataOf(pass: Pass): Block {
    const levels = levelsOf(pass)
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
    const buffer = this.#take(size, STORAGE | UNIFORM)
    const all = new Uint8Array(size)
    for (const { words, offset } of placed) all.set(new Uint8Array(words.buffer), offset)
    // Nothing where there are no passes: Deno ends the process over a write of no bytes.
    if (size > 0) this.#resources.device.queue.writeBuffer(buffer, 0, all)
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
      const bytes = this.#bytesOf(node)
      const spare = this.#spare.findIndex(({ size }) => size === bufferSize(bytes))
      buffer = spare < 0 ? this.#take(bytes, STORAGE) : (this.#spare.splice(spare, 1)[0] as GPUBuffer)
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
