import type { Image, Step } from '../../src/index.js'
import { type Bound, type Contender, type Memory, type Prepared, clock } from '../contender.js'
import { type Meaning, meaningOf } from './meaning.js'

/** A library to compare with: one file in this folder, and its line in index.ts. */
export interface Peer {
  readonly name: string
  /** It is one of bench/peers/package.json, which are installed when one is asked for. */
  readonly packages?: boolean
  /** The backend of isopix that it stands beside; wasm unless it says so. */
  readonly beside?: 'wasm' | 'webgpu' | 'chromium-webgpu'
  /** Resolves to why it is not there, where it is not. */
  open(setting: PeerSetting): Promise<Contender | string>
}

export interface PeerSetting {
  /** As many as isopix has, for peers that can be told. */
  readonly threads: number
}

/** Parameters of filters that are numbers, by name; those that a filter does not have are undefined. */
export type Numbers = Readonly<
  Record<'scale' | 'offset' | 'value' | 'radius' | 'sigma' | 'amount' | 'width' | 'height' | 'left' | 'top' | 'turns' | 'threshold', number>
>

/** How a peer does one step. `I` is an image as the peer has it. */
export interface Operation<I> {
  /** A new image, or the same one changed. */
  readonly run: (image: I) => I | Promise<I>
  readonly note?: string
  readonly bound?: Bound
  readonly ignoresAlpha?: boolean
}

/** What a library that is called in this process does; most adapters are this and a table of operations. */
export interface Library<I> {
  readonly name: string
  readonly about: string
  readonly memory: Memory
  readonly mostMegapixels?: number
  /** How it does a step, or undefined where it cannot. */
  readonly operation: (meaning: Meaning, size: Pick<Image, 'width' | 'height' | 'channels'>) => Operation<I> | undefined
  /** From an ordinary image, inside the time of a call where the memory is `ordinary`. */
  readonly from: (image: Image) => I | Promise<I>
  readonly to: (image: I) => Image | Promise<Image>
  /** For images that have to be freed. */
  readonly free?: (image: I) => void
  readonly close?: () => void | Promise<void>
}

/** A contender that does steps one after the other by the operations of a library. */
export function contenderOf<I>(library: Library<I>): Contender {
  const { name, about, memory, mostMegapixels, from, to, free = () => undefined, close } = library

  async function prepare(image: Image, steps: readonly Step[]): Promise<Prepared | undefined> {
    const operations = steps.map((step) => library.operation(meaningOf(step), image))
    if (!operations.every((operation) => operation !== undefined)) return undefined
    const source = memory === 'resident' ? await from(image) : undefined
    let result: I | Image | undefined
    const call = async (): Promise<void> => {
      if (memory === 'resident' && result !== undefined) free(result as I)
      const first = source ?? (await from(image))
      let last = first
      for (const { run } of operations) {
        const next = await run(last)
        if (last !== source && last !== next) free(last)
        last = next
      }
      result = last
      if (memory === 'resident') return
      result = await to(last)
      free(last)
    }
    const notes = [...new Set(operations.flatMap(({ note }) => note ?? []))]
    return {
      note: notes.length === 0 ? undefined : notes.join('; '),
      bound: widest(operations.flatMap(({ bound }) => bound ?? [])),
      ignoresAlpha: operations.some(({ ignoresAlpha }) => ignoresAlpha),
      time: (calls) => clock(calls, call),
      result: async () => (memory === 'resident' ? to(result as I) : (result as Image)),
      dispose: async () => {
        if (memory !== 'resident') return
        if (source !== undefined) free(source)
        if (result !== undefined) free(result as I)
      },
    }
  }

  return { name, about, memory, ...(mostMegapixels === undefined ? {} : { mostMegapixels }), prepare, close: async () => close?.() }
}

function widest(bounds: readonly Bound[]): Bound | undefined {
  if (bounds.length === 0) return undefined
  return { mean: Math.max(...bounds.map(({ mean }) => mean)), most: Math.max(...bounds.map(({ most }) => most)) }
}
