// The row loop: streams rows through a chain of stages. Every stage keeps a ring of its last rows, and
// makes a row when a later stage asks for it, so that an image is read once and written once and all
// that lies between stays in cache. The rings, the borders and the order of rows are here and nowhere
// else; a kernel sees addresses of rows.

import { CONSTANT, REPLICATE, WRAP, mapIndex, padRow } from './lib/edge'
import { pinned, placePinned } from './lib/pinned'
import { SLACK, Stage } from './lib/stage'

// What a worker is given: the same stages in two forms. The second holds where the input is opaque, skips the
// premultiplication and gives the same bytes; `opaque` is 0 where there is none. A strip begins with it, looks at the rows
// of its input as they are needed, and goes on with the first form from where one of them is not opaque.
@unmanaged
class Job {
  stages!: usize
  count!: i32
  opaque!: usize
  opaqueCount!: i32
  // Where every strip reads all of its input: whether that is opaque, found out by the first strip for all. 0: strips
  // look at their own rows; 1: nobody has looked; 2: it is; 3: it is not.
  whole!: i32
  // Rows of every strip but the last, which may be shorter: tells which strip it is.
  rowsPerStrip!: i32
}

/** Up to this many taps are found anew for every row. */
const FEW_TAPS: i32 = 8

// @ts-ignore: decorator
@inline
function stageAt(stages: usize, index: i32): Stage {
  return changetype<Stage>(stages + <usize>index * offsetof<Stage>())
}

// @ts-ignore: decorator
@inline
function firstTap(stage: Stage, y: i32): i32 {
  if (stage.inputStride) return 0
  return stage.starts ? load<i32>(stage.starts + (<usize>y << 2)) : y + stage.offset
}

// @ts-ignore: decorator
@inline
function rowAddress(stage: Stage, y: i32): usize {
  const slot = y < stage.ringRows ? y : y % stage.ringRows
  return stage.base + <usize>slot * <usize>stage.stride
}

/** Widens the rows that `stage` has to make by those in from..to-1, as seen through a border. */
function require(stage: Stage, from: i32, to: i32, border: i32): void {
  const n = stage.height
  let lo = from
  let hi = to
  if (lo < 0 || hi > n) {
    if (border == REPLICATE) {
      lo = min(max(lo, 0), n - 1)
      hi = min(max(hi, 1), n)
    } else if (border == CONSTANT) {
      lo = min(max(lo, 0), n)
      hi = min(max(hi, 0), n)
    } else if (border == WRAP) {
      lo = 0
      hi = n
    } else {
      // A reflection: rows above the image are rows below its edge.
      if (from < 0) {
        lo = 0
        hi = max(hi, 1 - from)
      }
      if (to > n) lo = min(lo, 2 * n - 1 - to)
      lo = max(lo, 0)
      hi = min(hi, n)
    }
  }
  if (hi <= lo) return
  if (stage.until <= stage.next) {
    stage.next = lo
    stage.until = hi
  } else {
    stage.next = min(stage.next, lo)
    stage.until = max(stage.until, hi)
  }
}

/** Finds the rows of every stage that rows y0..y1-1 of the last one need. */
function requireAll(stages: usize, count: i32, y0: i32, y1: i32): void {
  for (let i = 0; i < count; i++) {
    const stage = stageAt(stages, i)
    stage.next = 0
    stage.until = 0
  }
  require(stageAt(stages, count - 1), y0, y1, REPLICATE)
  for (let i = count - 1; i >= 0; i--) {
    const stage = stageAt(stages, i)
    if (!stage.kernel || stage.until <= stage.next) continue
    // Lists of starts ascend, or their input is an image, of which every row exists.
    const a = firstTap(stage, stage.next)
    const b = firstTap(stage, stage.until - 1)
    require(stageAt(stages, stage.input), min(a, b), max(a, b) + stage.taps, stage.border)
    if (stage.join >= 0) require(stageAt(stages, stage.join), stage.next, stage.until, REPLICATE)
  }
}

/** Copies the records to the worker's own memory and turns offsets into addresses. */
function localise(from: usize, count: i32, scratch: usize): usize {
  memory.copy(scratch, from, <usize>count * offsetof<Stage>())
  placePinned(scratch + <usize>count * offsetof<Stage>())
  for (let i = 0; i < count; i++) {
    const stage = stageAt(scratch, i)
    if (!stage.kernel) continue
    if (i != count - 1) stage.base += scratch
    stage.rows += scratch
    // No row is at 0: the taps have to be found anew.
    store<u32>(stage.rows, 0)
    stage.spare += scratch
    if (stage.state) {
      stage.state += scratch
      store<i32>(stage.state, 0)
    }
  }
  return scratch
}

function makeRow(stages: usize, stage: Stage, isLast: bool): void {
  const y = stage.next
  const input = stageAt(stages, stage.input)
  const first = firstTap(stage, y)
  const taps = stage.taps
  let slot = stage.rows
  let k = 0
  if (taps > FEW_TAPS && !stage.starts && load<u32>(slot)) {
    // The taps of the row before, moved up by one.
    k = taps - 1
    memory.copy(slot, slot + 4, <usize>k << 2)
    slot += <usize>k << 2
  }
  for (; k < taps; k++, slot += 4) {
    const row = mapIndex(first + k, input.height, stage.border)
    if (row < 0) {
      store<u32>(slot, <u32>stage.outside)
    } else {
      if (row >= input.next) makeRows(stages, stage.input, row + 1)
      store<u32>(slot, <u32>rowAddress(input, row))
    }
  }
  if (stage.join >= 0) {
    const joined = stageAt(stages, stage.join)
    if (y >= joined.next) makeRows(stages, stage.join, y + 1)
    store<u32>(slot, <u32>rowAddress(joined, y))
  }

  const rowBytes = stage.width * stage.channels * stage.bytes
  const home = rowAddress(stage, y)
  // Vector stores may run past the row's end. Inside a strip the next row mends that; after its last
  // row stands another worker's, and where rows are shorter than the overrun, more than one of them.
  const aside = isLast && (stage.base == 0 || y + 1 == stage.until || rowBytes < SLACK)
  const dst = aside ? stage.spare : home
  call_indirect<void>(stage.kernel, stage.rows, dst, changetype<usize>(stage))
  if (aside && stage.base) memory.copy(home, dst, rowBytes)
  if (stage.padLeft | stage.padRight) {
    padRow(dst, stage.width, stage.channels * stage.bytes, stage.padLeft, stage.padRight, stage.padBorder, stage.padFill)
  }
  stage.next = y + 1
}

/** Makes the rows of a stage up to, not including, `until`. The rows of an image are there; they are looked at. */
function makeRows(stages: usize, index: i32, until: i32): void {
  const stage = stageAt(stages, index)
  if (stage.kernel) {
    while (stage.next < until) makeRow(stages, stage, false)
  } else {
    onlyOpaque = onlyOpaque && isOpaque(stage, stage.next, until)
    stage.next = until
  }
}

// Whether all rows that were looked at are opaque. A global of the worker's own: no other sees it.
let onlyOpaque: bool = true

/** Whether every pixel in rows y0..y1-1 of a four-channel image has full alpha: 255, or 255 * 64 in rows of i16. */
function isOpaque(image: Stage, y0: i32, y1: i32): bool {
  const width = <usize>image.width
  for (let y = y0; y < y1; y++) {
    const row = rowAddress(image, y)
    if (!(image.bytes == 1 ? isOpaqueU8(row, width << 2) : isOpaqueI16(row, width << 3))) return false
  }
  return true
}

// The bits that all pixels have: 255 is all of them.
function isOpaqueU8(row: usize, bytes: usize): bool {
  let all = i32x4.splat(-1)
  let x: usize = 0
  for (; x + 64 <= bytes; x += 64) {
    const p = row + x
    const first = v128.and(v128.load(p), v128.load(p, 16))
    const second = v128.and(v128.load(p, 32), v128.load(p, 48))
    all = v128.and(all, v128.and(first, second))
  }
  for (; x < bytes; x += 4) all = v128.and(all, v128.load32_splat(row + x))
  return !v128.any_true(v128.andnot(i32x4.splat(0xff000000), all))
}

function isOpaqueI16(row: usize, bytes: usize): bool {
  const full = pinned(i64x2.splat(0x3fc0000000000000))
  const alpha = pinned(i64x2.splat(0xffff000000000000))
  let differ = i64x2.splat(0)
  let x: usize = 0
  for (; x + 16 <= bytes; x += 16) differ = v128.or(differ, v128.xor(v128.load(row + x), full))
  for (; x < bytes; x += 8) differ = v128.or(differ, v128.xor(v128.load64_splat(row + x), full))
  return !v128.any_true(v128.and(differ, alpha))
}

/** Whether the images that rows y0..y1-1 are made from are opaque. */
function isOpaqueJob(job: Job, y0: i32, y1: i32, scratch: usize): bool {
  const found = changetype<usize>(job) + offsetof<Job>('whole')
  const whole = atomic.load<i32>(found)
  if (whole > 1) return whole == 2
  const count = job.count
  const stages = localise(job.stages, count, scratch)
  requireAll(stages, count, y0, y1)
  let opaque = true
  for (let i = 0; i < count && opaque; i++) {
    const image = stageAt(stages, i)
    if (image.kernel || image.channels != 4) continue
    opaque = whole ? isOpaque(image, 0, image.height) : isOpaque(image, image.next, image.until)
  }
  if (whole) atomic.store<i32>(found, opaque ? 2 : 3)
  return opaque
}

/**
 * Makes rows y0..y1-1, and returns where it had to stop: at the row that needs one which is not opaque, where `look` says
 * that this matters, else at y1.
 */
function makeStrip(from: usize, count: i32, y0: i32, y1: i32, scratch: usize, look: bool): i32 {
  const stages = localise(from, count, scratch)
  requireAll(stages, count, y0, y1)
  for (let i = 0; i < count; i++) {
    const stage = stageAt(stages, i)
    if (!stage.kernel && !(look && stage.channels == 4)) stage.next = stage.height
  }
  const last = stageAt(stages, count - 1)
  onlyOpaque = true
  while (last.next < y1) {
    makeRow(stages, last, true)
    // The row that was made last is not right; its input is in cache now, and it is made again.
    if (!onlyOpaque) return last.next - 1
  }
  return y1
}

/** Runs a job's rows y0..y1-1. `scratch` is memory of the caller's own, as large as the plan says. */
export function run(job: usize, y0: i32, y1: i32, scratch: usize): void {
  const work = changetype<Job>(job)
  let stages = work.stages
  let count = work.count
  let y = y0
  if (work.opaque) {
    // What has been counted cannot be taken back, nor what needs every row at once be made from some of them.
    const ahead = work.whole > 0 || stageAt(stages, count - 1).finish > 0
    if (!ahead || isOpaqueJob(work, y0, y1, scratch)) {
      y = makeStrip(work.opaque, work.opaqueCount, y0, y1, scratch, !ahead)
      if (y == y1) {
        stages = work.opaque
        count = work.opaqueCount
      }
    }
  }
  if (y < y1) makeStrip(stages, count, y, y1, scratch, false)
  const strip = <usize>(y0 / work.rowsPerStrip)
  for (let i = 0; i < count; i++) {
    const stage = stageAt(scratch, i)
    if (stage.finish) call_indirect<void>(stage.finish, strip, <usize>0, changetype<usize>(stage))
  }
}
