import { turn } from './turns.js'

/** About half a millisecond's copying, or one where the memory was never touched before. */
export const BAND_BYTES = 1 << 21

/**
 * Copies a large range without keeping its thread: band by band, between which other work goes first. What fits one band is
 * copied at once.
 * @param length Bytes in all.
 * @param bytesPerUnit Bands are a whole number of these.
 * @param copyBand Copies bytes `from` to `to - 1`. It looks its memory up itself, which may have moved since the last band.
 */
export async function copyInBands(length: number, bytesPerUnit: number, copyBand: (from: number, to: number) => void, bandBytes = BAND_BYTES): Promise<void> {
  const band = Math.max(1, Math.floor(bandBytes / bytesPerUnit)) * bytesPerUnit
  for (let from = 0; from < length; from += band) {
    if (length > band) await turn()
    copyBand(from, Math.min(from + band, length))
  }
}
