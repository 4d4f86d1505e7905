import type { Peer } from './peer.js'

/** Libraries to compare with. */
export const PEERS: readonly Peer[] = []
