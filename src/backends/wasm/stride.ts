export const roundUp = (bytes: number, to: number): number => Math.ceil(bytes / to) * to

/** Rows a multiple of 4096 bytes apart share their cache sets: such strides are avoided. */
export function strideOf(bytes: number): number {
  const stride = roundUp(bytes, 16)
  const off = stride % 4096
  return off < 256 ? stride + 256 - off : off > 3840 ? stride + 4096 - off + 256 : stride
}
