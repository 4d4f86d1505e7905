import { gpuJsWebasm, gpuJsWebgpu } from './gpu-js.js'
import { opencv } from './opencv.js'
import type { Peer } from './peer.js'
import { sharpPeer } from './sharp.js'

/** Libraries to compare with. */
export const PEERS: readonly Peer[] = [opencv, sharpPeer, gpuJsWebgpu, gpuJsWebasm]
