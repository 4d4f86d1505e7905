// Many images through steps: loading, filtering and what the consumer does overlap.
import { InvalidArgumentError } from './errors.js'
import type { Step } from './filters/define.js'
import type { Global } from './globals.js'
import { Lanes, abandon } from './lanes.js'
import type { Source } from './sources.js'
import { platform } from '#platform'

/**
 * An image, a promise of one, or a function that loads one. The function is called when there is room for the image;
 * its signal says that the image is no longer wanted.
 */
export type MapSource<S extends Source = Source> = S | PromiseLike<S> | ((signal: Global<'AbortSignal'>) => S | PromiseLike<S>)

/** The same steps for all images, or those for an image that was loaded. */
export type StepsOf<S extends Source = Source> = readonly Step[] | ((image: S, index: number) => readonly Step[] | PromiseLike<readonly Step[]>)

/**
 * What becomes of an image that cannot be loaded or filtered: it ends the iteration, which rejects with its error, it is
 * left out, or its error is given in its place.
 */
export type OnError = 'throw' | 'skip' | 'settle'

export interface MapProgress {
  /** The image that got further, counted from 0. */
  readonly index: number
  /** How much of its filtering is done, from 0 to 1; also 1 when it failed. */
  readonly fraction: number
  /** Images that were filtered so far. */
  readonly done: number
  /** Images that failed so far. */
  readonly failed: number
  /** All images, where `sources` has a length or a size. */
  readonly total: number | undefined
}

export interface BatchOptions<E extends OnError = OnError> {
  /**
   * The most images in memory, from 1 to 1024: an image is loaded when there are fewer, counting those that are ready
   * and the one that the loop's body has. Default: the cores of this machine and one more, at most 8.
   */
  readonly concurrency?: number | undefined
  /** Results come in the order of the sources (the default), or with `false` as they are ready. */
  readonly ordered?: boolean | undefined
  /** Default: `throw`. */
  readonly onError?: E | undefined
  /** Ends the iteration, which rejects with the signal's reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
  /** Called whenever an image gets further. */
  readonly onProgress?: ((progress: MapProgress) => void) | undefined
}

/** A result, and the place of its image in the sources, from 0. */
export interface MapResult<Result> {
  readonly index: number
  readonly image: Result
  readonly error?: undefined
}

/** An image that could not be loaded or filtered. */
export interface MapFailure {
  readonly index: number
  readonly image?: undefined
  readonly error: unknown
}

export type MapEntry<Result, E extends OnError> = MapResult<Result> | (E extends 'settle' ? MapFailure : never)

/** What is different for each image; the engine adds the options that are the same for all. */
interface Hooks {
  readonly signal: Global<'AbortSignal'>
  readonly onProgress: ((fraction: number) => void) | undefined
}

const MAX_CONCURRENCY = 1024
const MAX_DEFAULT_CONCURRENCY = 8

/**
 * `apply` to all images of `sources`. See `Engine.map`.
 * @throws InvalidArgumentError at once where an argument is wrong.
 */
export function mapImages<S extends Source, Result, E extends OnError>(
  apply: (image: S, steps: readonly Step[], hooks: Hooks) => Promise<Result>,
  sources: Iterable<MapSource<S>> | AsyncIterable<MapSource<S>>,
  steps: StepsOf<S>,
  options: BatchOptions<E>,
): AsyncGenerator<MapEntry<Result, E>, undefined> {
  const { onError = 'throw', signal, onProgress } = options
  const { concurrency = Math.min(platform.cores + 1, MAX_DEFAULT_CONCURRENCY), ordered = true } = options
  checkSources(sources)
  checkOptions({ concurrency, ordered, onError, signal, onProgress })
  // A list of promises may hold one that fails long before its turn.
  if (Array.isArray(sources)) sources.forEach(abandon)

  const total = sizeOf(sources)
  let done = 0
  let failed = 0
  const attempt = async (source: MapSource<S>, index: number, unwanted: AbortSignal): Promise<MapResult<Result> | MapFailure> => {
    try {
      const image = await unlessAborted(load(source, unwanted), unwanted)
      const own = typeof steps === 'function' ? await unlessAborted(steps(image, index), unwanted) : steps
      const tell = onProgress && ((fraction: number) => onProgress({ index, fraction, done, failed, total }))
      return { index, image: await apply(image, own, { signal: unwanted, onProgress: tell }) }
    } catch (error) {
      return { index, error }
    }
  }
  const work = async (source: MapSource<S>, index: number, unwanted: AbortSignal): Promise<MapResult<Result> | MapFailure | undefined> => {
    const entry = await attempt(source, index, unwanted)
    if (entry.image !== undefined) done++
    else if (unwanted.aborted || onError === 'throw') throw entry.error
    else failed++
    onProgress?.({ index, fraction: 1, done, failed, total })
    return entry.image === undefined && onError === 'skip' ? undefined : entry
  }
  const lanes = new Lanes(sources, work, { lanes: concurrency, ordered, signal })
  return lanes as AsyncGenerator<MapEntry<Result, E>, undefined>
}

async function load<S extends Source>(source: MapSource<S>, signal: AbortSignal): Promise<S> {
  return typeof source === 'function' ? source(signal) : source
}

/** What the caller's code makes; it may not look at the signal, and is then left to itself. */
function unlessAborted<T>(value: T | PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
    Promise.resolve(value).then(resolve, reject)
  })
}

function sizeOf(sources: object): number | undefined {
  const { length, size = length } = sources as { length?: unknown; size?: unknown }
  return typeof size === 'number' ? size : undefined
}

function checkSources(sources: unknown): void {
  const isIterable = typeof sources === 'object' && sources !== null && (Symbol.asyncIterator in sources || Symbol.iterator in sources)
  if (!isIterable) throw InvalidArgumentError.of('map', 'sources', 'an iterable or async iterable of images', sources)
}

function checkOptions({ concurrency, ordered, onError, signal, onProgress }: BatchOptions): void {
  const check = (name: string, isGood: boolean, expected: string, received: unknown): void => {
    if (!isGood) throw InvalidArgumentError.of('map', name, expected, received)
  }
  const isCount = Number.isInteger(concurrency) && (concurrency as number) >= 1 && (concurrency as number) <= MAX_CONCURRENCY
  check('concurrency', isCount, `a whole number from 1 to ${MAX_CONCURRENCY}`, concurrency)
  check('ordered', typeof ordered === 'boolean', 'true or false', ordered)
  check('onError', ['throw', 'skip', 'settle'].includes(onError as string), 'one of throw, skip, settle', onError)
  check('signal', signal === undefined || signal instanceof AbortSignal, 'an AbortSignal', signal)
  check('onProgress', onProgress === undefined || typeof onProgress === 'function', 'a function', onProgress)
}
