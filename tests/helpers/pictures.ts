import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import type { Image } from '../../src/image.js'

/** Writes an image as a file, in the format of its extension. */
export async function writePicture({ width, height, channels, data }: Image, path: string): Promise<void> {
  await sharp(data, { raw: { width, height, channels } }).toColourspace(channels === 1 ? 'b-w' : 'srgb').toFile(path)
}

/** A file's pixels as they are, whatever their colour space. */
export async function readPicture(path: string): Promise<Image> {
  const { channels } = await sharp(path).metadata()
  const { data, info } = await sharp(path).toColourspace(channels < 3 ? 'b-w' : 'srgb').raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: info.channels as 1 | 3 | 4, data: new Uint8ClampedArray(data) }
}

export const readBytes = (path: string): string => readFileSync(path).toString('base64')
