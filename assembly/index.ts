// One line a kernel file. Every export that is called by the row loop has the signature
//   (rows: usize, dst: usize, stage: Stage): void
// rows: addresses of the stage's taps, top to bottom, then of the joined row; dst: the row to write.
export { run } from './stream'
export { color_matrix } from './kernels/color-matrix'
export { convolve } from './kernels/convolve'
export { copy } from './kernels/crop'
export { gaussian_blur_x, gaussian_blur_y } from './kernels/gaussian-blur'
export { histogram, histogram_finish } from './kernels/histogram'
export { luminance } from './kernels/luminance'
export { lut } from './kernels/lut'
export { premultiply, unpremultiply } from './kernels/alpha'
export { double_x, double_y, halve_x, halve_y } from './kernels/pyramid'
export { resize_nearest, resize_x, resize_y } from './kernels/resize'
export { add_alpha, drop_alpha } from './kernels/rgb'
export { sobel } from './kernels/sobel'
export { unsharp_mask } from './kernels/unsharp-mask'
