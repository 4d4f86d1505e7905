import { gpuJsWebasm, gpuJsWebgl2, gpuJsWebgpu } from './gpu-js.js'
import { imageJs } from './image-js.js'
import { jimp } from './jimp.js'
import { opencvJs } from './opencv-js.js'
import { opencv } from './opencv.js'
import type { Peer } from './peer.js'
import { photon } from './photon.js'
import { pica } from './pica.js'
import { sharpPeer } from './sharp.js'
import { tfjs } from './tfjs.js'
import { wasmVips } from './wasm-vips.js'

/** Libraries to compare with. */
export const PEERS: readonly Peer[] = [opencv, sharpPeer, wasmVips, opencvJs, photon, imageJs, jimp, pica, tfjs, gpuJsWebasm, gpuJsWebgpu, gpuJsWebgl2]
