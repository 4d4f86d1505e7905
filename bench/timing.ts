import type { Prepared } from './contender.js'

/** The median and the quartiles. */
export interface Summary {
  readonly median: number
  readonly low: number
  readonly high: number
}

export function summarise(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b)
  const last = sorted.length - 1
  const at = (place: number): number => sorted[place] as number
  return { median: at(Math.round(last / 2)), low: at(Math.floor(last / 4)), high: at(Math.ceil((3 * last) / 4)) }
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
/**
 * Calls that take less than this are timed several at a time, after one that is not: clocks tick, await takes its time, and a
 * call that follows somebody else's finds caches full of other things and threads asleep.
 */
const SHORTEST_MS = 8
const MOST_CALLS = 1000
/** What takes longer is not called twice before it is timed. */
const LONG_MS = 200

/**
 * Times contenders in turn, round by round, so that a change of the machine's speed meets all of them, and gives the
 * milliseconds of a call of each, round by round. The order is turned around every other round. A contender whose first
 * call takes longer than all rounds may is not called again.
 * @param first The milliseconds of calls that were made already, one of each.
 */
export async function alternate(contenders: readonly Pick<Prepared, 'time'>[], { rounds, milliseconds }: Patience, first: readonly number[] = []): Promise<number[][]> {
  const samples = contenders.map((): number[] => [])
  const entered: { readonly index: number; readonly contender: Pick<Prepared, 'time'>; readonly calls: number }[] = []
  for (const [index, contender] of contenders.entries()) {
    let once = first[index] ?? (await contender.time(1))
    if (once > milliseconds) {
      samples[index]?.push(once)
      continue
    }
    // A first call may have compiled or allocated something.
    if (once < LONG_MS) once = await contender.time(1)
    entered.push({ index, contender, calls: Math.min(MOST_CALLS, Math.max(1, Math.ceil(SHORTEST_MS / once))) })
  }
  const start = performance.now()
  for (let round = 0; round < rounds; round++) {
    if (round >= FEWEST_ROUNDS && performance.now() - start > milliseconds) break
    for (const { index, contender, calls } of round % 2 === 0 ? entered : entered.toReversed()) {
      if (calls > 1) await contender.time(1)
      samples[index]?.push((await contender.time(calls)) / calls)
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

export async function pair(ours: Prepared, theirs: Prepared, patience: Patience, first: readonly number[] = []): Promise<Pair> {
  const [own, other] = (await alternate([ours, theirs], patience, first)) as [number[], number[]]
  return {
    ratio: summarise(own.slice(0, other.length).map((sample, round) => (other[round] as number) / sample)),
    ours: summarise(own),
    theirs: summarise(other),
    rounds: Math.min(own.length, other.length),
  }
}
