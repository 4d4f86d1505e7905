// One line a kernel file. Every export that is called by the row loop has the signature
//   (rows: usize, dst: usize, stage: Stage): void
// rows: addresses of the stage's taps, top to bottom, then of the joined row; dst: the row to write.
export { run } from './stream'
export { box_blur_alpha_x, box_blur_alpha_y, box_blur_x, box_blur_y } from './kernels/box-blur'
export { color_matrix } from './kernels/color-matrix'
export { copy } from './kernels/crop'
export { dilate_x, dilate_y } from './kernels/dilate'
export { erode_x, erode_y } from './kernels/erode'
export { gaussian_blur_x, gaussian_blur_y } from './kernels/gaussian-blur'
export { histogram, histogram_finish } from './kernels/histogram'
export { luminance } from './kernels/luminance'
export { lut } from './kernels/lut'
export { median } from './kernels/median'
export { median_3x3, median_5x5 } from './kernels/median-small'
export { premultiply, unpremultiply } from './kernels/alpha'
export { add_alpha, drop_alpha } from './kernels/rgb'
export { sobel } from './kernels/sobel'
export { unsharp_mask } from './kernels/unsharp-mask'
