// What was tried to make filters faster, and what it gained: by hand, from measurements at the time.

export interface Try {
  /** Which workloads, or words of which goal, it was about. */
  readonly about: RegExp
  readonly what: string
  readonly gained: string
  /** What was worked out was not built: it cannot be exact enough, or cannot gain enough. */
  readonly outcome: 'kept' | 'dropped' | 'worked out'
}

const GAUSSIAN = /gaussian 2|unsharp mask [12]/
const GPU = /gpu\.js/

export const TRIED: readonly Try[] = [
  { about: /gaussian|unsharp/, what: 'pyramids from sigma 3 on, where they began at 4', gained: 'on two threads sigma 3 takes 42 % of the time, sigma 6 58 %, the chain with an unsharp mask of 3 59 %', outcome: 'kept' },
  { about: GAUSSIAN, what: 'copies of rows that share their cache sets', gained: 'on two threads 1.4 times faster at a width of 2048; nothing at a width of 3840', outcome: 'kept' },
  { about: GAUSSIAN, what: 'a pyramid for sigma 2', gained: 'not within a level of the true Gaussian: what halving folds back is 0.9 to 1.3 levels alone', outcome: 'worked out' },
  { about: GAUSSIAN, what: '8 bits between the passes', gained: 'a seventh of the time at most, and rounding costs up to half a level', outcome: 'worked out' },
  { about: GAUSSIAN, what: 'weights of 7 bits and sums of 16, as OpenCV has them', gained: 'not within a level for every picture: about half a level of error alone', outcome: 'worked out' },
  { about: GAUSSIAN, what: 'sums of pairs of rows by widening pairwise addition; the middle tap in the first pair of products; no more taps than the promise needs', gained: 'fewer instructions; no figures were kept', outcome: 'kept' },
  { about: GAUSSIAN, what: '32 elements a turn, where there are 16; kernels of their own for up to seven taps; for one channel products of neighbours as they lie in memory', gained: 'slower, or less than a tenth', outcome: 'dropped' },
  { about: /resize by 1\.5/, what: 'two taps, where they were padded to four', gained: 'the kernel along rows alone takes 33 to 36 % less', outcome: 'kept' },
  { about: /resize to half, bilinear/, what: 'halving in sums of 16 bits', gained: 'the kernels alone take 41 to 55 % less', outcome: 'kept' },
  { about: /resize by 1\.5/, what: 'a rounding product of 16 bits, where there are dot products', gained: 'the kernel alone takes 4 to 8 % less, but 11 % more from bytes to bytes', outcome: 'dropped' },
  { about: /resize by 1\.5/, what: 'one shift to bytes, where there are two', gained: 'the kernel alone takes 3 to 5 % more', outcome: 'dropped' },
  { about: /resize by 1\.5/, what: 'one form for all numbers of taps, where four have their own', gained: 'bicubic rows take 55 to 69 % more', outcome: 'dropped' },
  { about: /equalize/, what: 'copies of the counters at other distances, so that their addresses do not end alike', gained: 'nothing that shows, on one thread', outcome: 'dropped' },
  { about: /equalize/, what: 'counters at constant distances, where each has an address of its own', gained: '4 % less at best on one thread, within the noise', outcome: 'dropped' },
  { about: /^crop/, what: 'copying in only those rows that are needed', gained: 'in proportion to the rows that are left out', outcome: 'kept' },
  { about: GPU, what: 'four rows a thread, in a loop', gained: '1.1 to 2.5 times slower on the GPU in software', outcome: 'dropped' },
  { about: GPU, what: 'workgroups of 64 by 4 or 128 by 2, where they are 16 by 16', gained: 'no clear difference on the GPU in software: from a quarter less to a quarter more, pass by pass, on a noisy machine', outcome: 'dropped' },
  { about: GPU, what: 'a shader without the look-up for tables that are lines', gained: 'their passes take about a quarter to a third less on the GPU in software; not built in, since it is another shader to carry', outcome: 'dropped' },
  { about: GPU, what: 'the root of sobel in four lanes without branches', gained: 'nothing that shows', outcome: 'dropped' },
]
