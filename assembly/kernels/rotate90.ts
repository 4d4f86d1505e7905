// rotate90: the input being W x H, out[x, y] = in[y, H - 1 - x] with turns 1, in[W - 1 - y, x] with turns 3. u8. Exact.
//
// A row of the result is a column of the input. So that cache lines are read once, and some of them side by side (256
// bytes of a row instead of 64 halved the time), many rows are made together, in the state, and handed out one by one.
// The strip's last block is shorter. Blocks are made of squares: 4 x 4 pixels of four channels, 8 rows of 16 of one.

import { Stage } from '../lib/stage'
import { zipHighI16, zipHighI32, zipHighI8, zipLowI16, zipLowI32, zipLowI8 } from '../lib/vector'

@unmanaged
class Params {
  turns!: i32 // 1 or 3
  blockRows!: i32 // rows to make at once
  strideBytes!: i32 // from a row of the block to the next; at least 64 more than a row
}

// Layout of the state: one past the block's last row, its first row, and the rows from byte 64.
const ROWS: usize = 64

/** Rows y to y + count - 1. Squares may reach 15 bytes past either end of an input row, within the slack. */
function makeBlock(src: usize, block: usize, stage: Stage, y: i32, count: i32): void {
  const params = changetype<Params>(stage.params)
  const clockwise = params.turns == 1
  const inputRows = stage.width
  const pixelBytes = stage.channels
  const squareWidth = 16 / pixelBytes
  // Input rows in the order of the result's pixels; input columns in that of its rows, sixteen bytes a square.
  const firstRow = clockwise ? src + <usize>(inputRows - 1) * stage.inputStride : src
  const rowStep = <usize>(clockwise ? -stage.inputStride : stage.inputStride)
  const firstColumn = <usize>((clockwise ? y : stage.height - y - squareWidth) * pixelBytes)
  const columnStep: usize = clockwise ? 16 : -16
  // Where the square's first column goes, and from there the others.
  const firstOut = clockwise ? block : block + <usize>((squareWidth - 1) * params.strideBytes)
  const outStep = <usize>(clockwise ? params.strideBytes : -params.strideBytes)
  const squareStep = <usize>(squareWidth * params.strideBytes)
  const squares = (count + squareWidth - 1) / squareWidth
  const last = inputRows - 1
  const squareRows = pixelBytes == 4 ? 4 : 8
  for (let x = 0; x < inputRows; x += squareRows) {
    let out = firstOut + <usize>(x * pixelBytes)
    let column = firstColumn
    const a = firstRow + <usize>x * rowStep
    const b = firstRow + <usize>min(x + 1, last) * rowStep
    const c = firstRow + <usize>min(x + 2, last) * rowStep
    const d = firstRow + <usize>min(x + 3, last) * rowStep
    if (pixelBytes == 4) {
      for (let i = 0; i < squares; i++) {
        transpose4(v128.load(a + column), v128.load(b + column), v128.load(c + column), v128.load(d + column), out, outStep)
        column += columnStep
        out += squareStep
      }
    } else {
      const e = firstRow + <usize>min(x + 4, last) * rowStep
      const f = firstRow + <usize>min(x + 5, last) * rowStep
      const g = firstRow + <usize>min(x + 6, last) * rowStep
      const h = firstRow + <usize>min(x + 7, last) * rowStep
      for (let i = 0; i < squares; i++) {
        transpose16(
          v128.load(a + column), v128.load(b + column), v128.load(c + column), v128.load(d + column),
          v128.load(e + column), v128.load(f + column), v128.load(g + column), v128.load(h + column),
          out, outStep,
        )
        column += columnStep
        out += squareStep
      }
    }
  }
}

/** Stores the four columns of four rows of four pixels. */
// @ts-ignore: decorator
@inline
function transpose4(a: v128, b: v128, c: v128, d: v128, out: usize, step: usize): void {
  const abLow = zipLowI32(a, b)
  const cdLow = zipLowI32(c, d)
  const abHigh = zipHighI32(a, b)
  const cdHigh = zipHighI32(c, d)
  v128.store(out, i64x2.shuffle(abLow, cdLow, 0, 2))
  v128.store(out + step, i64x2.shuffle(abLow, cdLow, 1, 3))
  v128.store(out + 2 * step, i64x2.shuffle(abHigh, cdHigh, 0, 2))
  v128.store(out + 3 * step, i64x2.shuffle(abHigh, cdHigh, 1, 3))
}

/** Stores the sixteen columns of eight rows of sixteen bytes. */
// @ts-ignore: decorator
@inline
function transpose16(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128, out: usize, step: usize): void {
  store8Columns(zipLowI8(a, b), zipLowI8(c, d), zipLowI8(e, f), zipLowI8(g, h), out, step)
  store8Columns(zipHighI8(a, b), zipHighI8(c, d), zipHighI8(e, f), zipHighI8(g, h), out + 8 * step, step)
}

// @ts-ignore: decorator
@inline
function store8Columns(ab: v128, cd: v128, ef: v128, gh: v128, out: usize, step: usize): void {
  store4Columns(zipLowI16(ab, cd), zipLowI16(ef, gh), out, step)
  store4Columns(zipHighI16(ab, cd), zipHighI16(ef, gh), out + 4 * step, step)
}

// @ts-ignore: decorator
@inline
function store4Columns(abcd: v128, efgh: v128, out: usize, step: usize): void {
  const low = zipLowI32(abcd, efgh)
  const high = zipHighI32(abcd, efgh)
  v128.store64_lane(out, low, 0)
  v128.store64_lane(out + step, low, 1)
  v128.store64_lane(out + 2 * step, high, 0)
  v128.store64_lane(out + 3 * step, high, 1)
}

export function rotate90(rows: usize, dst: usize, stage: Stage): void {
  const params = changetype<Params>(stage.params)
  const state = stage.state
  const y = stage.next
  if (y >= load<i32>(state)) {
    const count = min(params.blockRows, stage.until - y)
    makeBlock(<usize>load<u32>(rows), state + ROWS, stage, y, count)
    store<i32>(state, y + count)
    store<i32>(state, y, 4)
  }
  const row = <usize>(y - load<i32>(state, 4))
  memory.copy(dst, state + ROWS + row * params.strideBytes, <usize>(stage.width * stage.channels))
}
