import type { Phase } from './phases.js'
import { type Places, type Records, encode } from './records.js'

/** What was asked for while a phase was encoded, and what the answer was. */
interface Known {
  readonly base: number
  readonly records: Records
  readonly images: ReadonlyMap<number, number>
  readonly counts: ReadonlyMap<number, number>
  /** A table that was made from one image's pixels is in the records. */
  readonly isOnce: boolean
}

/**
 * Phases as they were encoded last. The next image of the same shape is mostly given the same addresses, and encoding takes
 * longer than filtering a small image.
 */
export class KnownRecords {
  readonly #known = new WeakMap<Phase, Known>()

  /** Bytes that a phase's records take, wherever they are placed. */
  sizeOf(phase: Phase, places: Places): number {
    return (this.#known.get(phase)?.records ?? encode(phase, 0, places)).bytes.length
  }

  at(phase: Phase, base: number, places: Places): Records {
    const known = this.#known.get(phase)
    const isSame = known !== undefined && !known.isOnce && known.base === base && agrees(known.images, places.image) && agrees(known.counts, places.counts)
    return isSame ? known.records : this.#encode(phase, base, places)
  }

  #encode(phase: Phase, base: number, places: Places): Records {
    const images = new Map<number, number>()
    const counts = new Map<number, number>()
    let isOnce = false
    const records = encode(phase, base, {
      slot: places.slot,
      image: (node) => noted(images, node, places.image(node)),
      counts: (node) => noted(counts, node, places.counts(node)),
      reduced: (node) => {
        isOnce = true
        return places.reduced(node)
      },
    })
    this.#known.set(phase, { base, records, images, counts, isOnce })
    return records
  }
}

function noted(answers: Map<number, number>, node: number, answer: number): number {
  answers.set(node, answer)
  return answer
}

function agrees(answers: ReadonlyMap<number, number>, place: (node: number) => number): boolean {
  for (const [node, answer] of answers) if (place(node) !== answer) return false
  return true
}
