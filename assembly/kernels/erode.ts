// erode_y, erode_x: the least of the 2 radius + 1 values down the column and along the row, of every channel, alpha
// included. Exact.

import { extremeX, extremeY } from '../lib/extreme'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  radius!: i32
}

export function erode_y(rows: usize, dst: usize, stage: Stage): void {
  extremeY(rows, dst, stage, changetype<Params>(stage.params).radius, true)
}

export function erode_x(rows: usize, dst: usize, stage: Stage): void {
  extremeX(rows, dst, stage, changetype<Params>(stage.params).radius, true)
}
