// erode_small: the least of the (2 radius + 1)^2 values around each one, of every channel, alpha included; radius 1 or 2.
// erode_y, erode_x: the same of 2 radius + 1 values down the column and along the row. Exact.

import { extremeRow, extremeX, extremeY } from '../lib/extreme'
import { fillPatch, keepPatch, patchResult } from '../lib/patch'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  radius!: i32
}

function row(rows: usize, dst: usize, n: usize, channels: i32, radius: i32): void {
  extremeRow(rows, dst, n, channels, radius, true)
}

export function erode_small(rows: usize, dst: usize, stage: Stage): void {
  const radius = changetype<Params>(stage.params).radius
  const channels = stage.channels
  row(rows, dst, <usize>(stage.width * channels), channels, radius)
  const patch = stage.state + 64
  for (let end = 0; end < 2; end++) {
    fillPatch(patch, rows, stage, radius, end)
    row(patch, patchResult(patch), 16, channels, radius)
    keepPatch(patch, dst, stage, end)
  }
}

export function erode_y(rows: usize, dst: usize, stage: Stage): void {
  extremeY(rows, dst, stage, changetype<Params>(stage.params).radius, true)
}

export function erode_x(rows: usize, dst: usize, stage: Stage): void {
  extremeX(rows, dst, stage, changetype<Params>(stage.params).radius, true)
}
