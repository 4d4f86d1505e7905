import type { Prepared } from './contender.js'

/** The median and the quartiles. */
export interface Summary {
  readonly median: number
  readonly low: number
  readonly high: number
}

export function summarise(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))] as number
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}

/** How far the quartiles lie apart, as a part of the median: the noise of a timing. */
export const spread = ({ median, low, high }: Summary): number => (high - low) / median

/** How long to go on: until there are so many rounds, or until that much time is over and there are a few. */
export interface Patience {
  readonly rounds: number
  readonly milliseconds: number
}

/** Quartiles of fewer say nothing. */
const FEWEST_ROUNDS = 3
/** Calls that take less than this are timed several at a time: clocks tick, and await takes its time. */
const SHORTEST_MS = 2
const MOST_CALLS = 1000
/** What takes longer is not made much longer by starting. */
const LONG_MS = 200

/**
 * Times contenders in turn, round by round, so that a change of the machine's speed meets all of them, and gives the
 * milliseconds of a call of each, round by round. The order is turned around every other round.
 */
export async function alternate(contenders: readonly Prepared[], { rounds, milliseconds }: Patience): Promise<number[][]> {
  const start = performance.now()
  const calls: number[] = []
  for (const contender of contenders) {
    let once = await contender.time(1)
    // A first call may have compiled or allocated something.
    if (once < LONG_MS) once = await contender.time(1)
    calls.push(Math.min(MOST_CALLS, Math.max(1, Math.ceil(SHORTEST_MS / once))))
  }
  const samples = contenders.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    if (round >= FEWEST_ROUNDS && performance.now() - start > milliseconds) break
    const order = [...contenders.keys()]
    if (round % 2 === 1) order.reverse()
    for (const index of order) {
      const count = calls[index] as number
      const sample = (await (contenders[index] as Prepared).time(count)) / count
      ;(samples[index] as number[]).push(sample)
    }
  }
  return samples
}

/** What two contenders took in the same rounds, and how often the first fits into the second. */
export interface Pair {
  readonly ratio: Summary
  readonly ours: Summary
  readonly theirs: Summary
  readonly rounds: number
}

export async function pair(ours: Prepared, theirs: Prepared, patience: Patience): Promise<Pair> {
  const [own, other] = (await alternate([ours, theirs], patience)) as [number[], number[]]
  return {
    ratio: summarise(own.map((sample, round) => (other[round] as number) / sample)),
    ours: summarise(own),
    theirs: summarise(other),
    rounds: own.length,
  }
}
