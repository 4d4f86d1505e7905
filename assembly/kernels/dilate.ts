// dilate_y, dilate_x: the greatest of the 2 radius + 1 values down the column and along the row, of every channel, alpha
// included. Exact.

import { extremeX, extremeY } from '../lib/extreme'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  radius!: i32
}

export function dilate_y(rows: usize, dst: usize, stage: Stage): void {
  extremeY(rows, dst, stage, changetype<Params>(stage.params).radius, false)
}

export function dilate_x(rows: usize, dst: usize, stage: Stage): void {
  extremeX(rows, dst, stage, changetype<Params>(stage.params).radius, false)
}
