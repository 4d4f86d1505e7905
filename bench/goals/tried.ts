// What was tried to make filters faster, and what it gained: by hand, from measurements at the time.

export interface Try {
  /** Which workloads it was about. */
  readonly about: RegExp
  readonly what: string
  readonly gained: string
  readonly kept: boolean
}

const GAUSSIAN = /gaussian 2|unsharp mask [12]/

export const TRIED: readonly Try[] = [
  { about: /gaussian|unsharp/, what: 'pyramids from sigma 3 on, where they began at 4', gained: 'sigma 3 takes a third, sigma 6 three fifths of the time; the chain with an unsharp mask of 3 half', kept: true },
  { about: GAUSSIAN, what: 'a pyramid for sigma 2', gained: 'not within a level of the true Gaussian: what halving folds back is 0.9 to 1.3 levels alone', kept: false },
  { about: GAUSSIAN, what: 'sums of pairs of rows by widening pairwise addition; the middle tap in the first pair of products; no more taps than the promise needs', gained: 'less arithmetic for each tap', kept: true },
  { about: GAUSSIAN, what: '8 bits between the passes', gained: 'a seventh of the time, and half a level of error', kept: false },
  { about: GAUSSIAN, what: 'weights of 7 bits and sums of 16, as OpenCV has them', gained: 'not within a level for every picture: half a level of error alone', kept: false },
  { about: GAUSSIAN, what: '32 elements a turn, where there are 16', gained: 'slower: more sums than registers', kept: false },
  { about: GAUSSIAN, what: 'kernels of their own for up to seven taps; for one channel products of neighbours as they lie in memory', gained: 'less than a tenth', kept: false },
  { about: /resize by 1\.5/, what: 'two taps, where they were padded to four', gained: 'along rows a third of the time less', kept: true },
  { about: /resize to half, bilinear/, what: 'halving in sums of 16 bits', gained: 'along columns 41 to 55 % of the time less, along rows 43 to 55 %', kept: true },
  { about: /resize by 1\.5/, what: 'a rounding product of 16 bits, where there are dot products', gained: '4 to 8 % less, but 11 % more from bytes to bytes', kept: false },
  { about: /resize by 1\.5/, what: 'one shift to bytes, where there are two', gained: '3 to 5 % more', kept: false },
  { about: /resize by 1\.5/, what: 'one form for all numbers of taps, where four have their own', gained: 'bicubic rows 55 to 69 % more', kept: false },
  { about: /equalize/, what: 'four copies of the counters that take turns, where there was one', gained: 'neighbours of the same level need not wait for each other', kept: true },
  { about: /equalize/, what: 'copies of the counters at other distances, so that their addresses do not end alike', gained: 'nothing', kept: false },
  { about: /equalize/, what: 'counters at constant distances, where each has an address of its own', gained: '4 % less', kept: false },
  { about: /^(crop|flip|flop|rotate|resize to)/, what: 'copying in only those rows that are needed', gained: 'in proportion to the rows that a crop leaves out', kept: true },
  { about: /webgpu|gpu\.js/, what: 'four rows a thread, in a loop', gained: '1.1 to 2.5 times slower on the GPU in software', kept: false },
  { about: /webgpu|gpu\.js/, what: 'workgroups of 64 by 4, where they are 16 by 16', gained: 'at most a tenth less', kept: false },
]
