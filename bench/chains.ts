import { type Step, brightness, gaussianBlur, invert, luminance, sepia, sobel, threshold, unsharpMask } from '../src/index.js'

const tables = [invert(), brightness({ amount: 1.1 }), invert(), brightness({ amount: 0.7 }), threshold({ value: 40 })]

/** Chains to time beside the filters alone. */
export const CHAINS: readonly { readonly name: string; readonly steps: readonly Step[] }[] = [
  { name: 'chain: five tables', steps: tables },
  { name: 'chain: sepia, table, sepia', steps: [sepia(), brightness({ amount: 1.1 }), sepia({ amount: 0.5 })] },
  { name: 'chain: luminance, gaussian 2, sobel, threshold', steps: [luminance(), gaussianBlur({ sigma: 2 }), sobel(), threshold({ value: 40 })] },
  // The parts of the next one, alone.
  { name: 'alone: sepia', steps: [sepia()] },
  { name: 'alone: table', steps: [brightness({ amount: 1.1 })] },
  { name: 'alone: unsharp 3', steps: [unsharpMask({ sigma: 3 })] },
  { name: 'chain: sepia, table, unsharp 3', steps: [sepia(), brightness({ amount: 1.1 }), unsharpMask({ sigma: 3 })] },
]
