import { MemoryError } from '../../errors.js'

const PAGE_BYTES = 65536
const MAX_PAGES = 65536
/** Below this much there is no point in trying further. */
const MIN_PAGES = 256
/** Blocks start at multiples of this, a cache line. */
const ALIGN_BYTES = 64

/** A byte range of the arena that nothing uses. */
interface Gap {
  address: number
  bytes: number
}

/**
 * The memory of an engine, and who uses which part of it. It starts small and grows on demand, up to the byte budget. A
 * shared memory never moves, so that views of it stay valid; one that is not shared leaves its views behind when it grows.
 */
export class Arena {
  readonly memory: WebAssembly.Memory
  readonly #budgetBytes: number
  readonly #used = new Map<number, number>()
  #gaps: Gap[]
  #bytesUsed = 0

  /**
   * @param reservedBytes The bytes at the start that are not handed out.
   * @param shared Whether workers see the memory. Throws where that is refused.
   */
  constructor(budgetBytes: number, reservedBytes: number, shared: boolean) {
    this.memory = makeMemory(Math.ceil(reservedBytes / PAGE_BYTES), Math.min(MAX_PAGES, Math.ceil(budgetBytes / PAGE_BYTES)), shared)
    if (shared) checkShareable(this.memory)
    this.#budgetBytes = budgetBytes
    this.#gaps = [{ address: reservedBytes, bytes: this.memory.buffer.byteLength - reservedBytes }]
  }

  get bytesUsed(): number {
    return this.#bytesUsed
  }

  get bytesReserved(): number {
    return this.memory.buffer.byteLength
  }

  /** Bytes from an address on. Made anew by every call, since the memory may have grown. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length)
  }

  words(address: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, length)
  }

  /** Finds `bytes` bytes, which hold anything. Throws MemoryError where that passes the budget. */
  allocate(bytes: number): number {
    const needed = Math.ceil(Math.max(1, bytes) / ALIGN_BYTES) * ALIGN_BYTES
    const gap = this.#gaps.find((candidate) => candidate.bytes >= needed) ?? this.#grow(needed)
    const { address } = gap
    gap.address += needed
    gap.bytes -= needed
    if (gap.bytes === 0) this.#gaps = this.#gaps.filter((other) => other !== gap)
    this.#used.set(address, needed)
    this.#bytesUsed += needed
    return address
  }

  free(address: number): void {
    const bytes = this.#used.get(address)
    if (bytes === undefined) return
    this.#used.delete(address)
    this.#bytesUsed -= bytes
    this.#insert({ address, bytes })
  }

  #insert(freed: Gap): void {
    const at = this.#gaps.findIndex((gap) => gap.address > freed.address)
    this.#gaps.splice(at < 0 ? this.#gaps.length : at, 0, freed)
    // Neighbours become one, so that gaps never touch.
    const merged: Gap[] = []
    for (const gap of this.#gaps) {
      const last = merged.at(-1)
      if (last !== undefined && last.address + last.bytes === gap.address) last.bytes += gap.bytes
      else merged.push(gap)
    }
    this.#gaps = merged
  }

  #grow(needed: number): Gap {
    const end = this.memory.buffer.byteLength
    const last = this.#gaps.at(-1)
    const free = last !== undefined && last.address + last.bytes === end ? last.bytes : 0
    const pages = Math.ceil((needed - free) / PAGE_BYTES)
    if (end + pages * PAGE_BYTES > this.#budgetBytes + PAGE_BYTES) throw this.#full(needed)
    try {
      this.memory.grow(pages)
    } catch {
      throw this.#full(needed)
    }
    this.#insert({ address: end, bytes: pages * PAGE_BYTES })
    return this.#gaps.at(-1) as Gap
  }

  #full(needed: number): MemoryError {
    const mib = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`
    const error = new MemoryError(
      `isopix: ${mib(needed)} more do not fit: ${mib(this.#bytesUsed)} are in use and the budget is ${mib(this.#budgetBytes)}; ` +
        'give createEngine a larger memoryBudgetBytes, or filter a smaller image',
    )
    // Stacks are short, and shall reach the caller's line: they need not begin in here.
    Error.captureStackTrace?.(error, this.allocate)
    return error
  }
}

/** Some systems refuse a large maximum, though nothing is used yet: then half of it is asked for. */
function makeMemory(initial: number, maximum: number, shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial, maximum, shared })
  } catch (error) {
    if (maximum / 2 < Math.max(MIN_PAGES, initial)) throw error
    return makeMemory(initial, Math.floor(maximum / 2), shared)
  }
}

/** Throws where a shared memory exists but may not be given to workers, as in pages that are not isolated. */
function checkShareable(memory: WebAssembly.Memory): void {
  const { port1, port2 } = new MessageChannel()
  try {
    port1.postMessage(memory)
  } finally {
    port1.close()
    port2.close()
  }
}
