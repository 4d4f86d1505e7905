import type { Size } from './start.js'

/** Small pictures fit into this. */
const LOOK = { width: 208, height: 136 }

/** The largest size of the same shape for a small picture. */
export function lookSize({ width, height }: Size): Size {
  const scale = Math.min(1, LOOK.width / width, LOOK.height / height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
