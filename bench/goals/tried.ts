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
  { about: /sepia|saturate|grayscale|luminance/, what: 'colour matrices and luminance without shuffles: red and blue, green and alpha as pairs', gained: 'with the line below, on two threads, sepia 1.33, grayscale 1.39 and luminance 1.37 times faster', outcome: 'kept' },
  { about: /^(invert|threshold|linear|convolve|resize|gaussian|unsharp mask|sobel|median|erode)/, what: 'vectors that do not change in a loop loaded before it, since V8 computes constants, splats and masks of shuffles anew in every turn', gained: 'on two threads, inversion 1.28, threshold 1.14, solarisation 1.20, contrast 1.13, convolution 3x3 1.12, half the size by a box 1.12, resize by 1.5 1.12, gaussian 2 1.07, unsharp mask 2 1.06, sobel 1.08, median and erosion 1.02 to 1.08 times faster', outcome: 'kept' },
  { about: /sepia|saturate|grayscale/, what: 'a shift of 14 places that is known beforehand, in a loop of its own', gained: '3 to 8 %, for twice the code', outcome: 'dropped' },
  { about: /lut/, what: 'tables of all pairs of bytes, where there were sixteen swizzles', gained: '2.1 times faster on two threads, for a picture of noise; a chain with sepia and unsharp mask 3 1.15', outcome: 'kept' },
  { about: /lut/, what: 'two thirds of a row by swizzles, one third byte by byte, at the same time', gained: '2 %', outcome: 'dropped' },
  { about: /equalize/, what: 'counters for pairs of bytes, and runs of eight equal bytes counted at once', gained: 'on top of tables by pairs, 1.38 times faster on two threads with one channel, 1.22 with four', outcome: 'kept' },
  { about: /threshold|invert|resize to half, box|flip/, what: 'touching lines ahead in the next page, for processors that prefetch within one', gained: 'slower at every distance, by up to a half', outcome: 'dropped' },
  { about: /threshold|invert|luminance/, what: 'rows eight times as long, as if a strip were one row', gained: 'nothing that shows', outcome: 'dropped' },
  { about: /time of a pixel|megapixel|two threads/, what: 'one wake of the engine a job, where there was one a strip', gained: 'sepia of 2 megapixels takes a tenth less on two threads', outcome: 'kept' },
  { about: /time of a pixel|megapixel|two threads/, what: 'workers that look for work for a tenth of a millisecond before they sleep', gained: 'nothing that shows', outcome: 'dropped' },
  { about: /gaussian 2|unsharp mask 2/, what: 'a binomial of 5, 7 or 9 taps, then few taps two apart', gained: 'worst errors of 0.9 levels and more at sigma 2', outcome: 'worked out' },
  { about: /equalize/, what: 'copies of the counters at other distances, so that their addresses do not end alike', gained: 'nothing that shows, on one thread', outcome: 'dropped' },
  { about: /equalize/, what: 'counters at constant distances, where each has an address of its own', gained: '4 % less at best on one thread, within the noise', outcome: 'dropped' },
  { about: /^(invert|threshold|flip|flop|rotate|crop)|other libraries/, what: 'ordinary images copied while workers work, where copies came before and after; results in memory that is not zeroed first; copies between ordinary and shared memory by Node\'s `fill`, where V8\'s `set` goes word by word', gained: 'together, on two threads, flips of 8 megapixels 1.6 to 1.7 times faster, luminance 1.6 to 2.3, sepia of 1 and 2 megapixels 1.2 to 1.4, gaussian 2 of 2 megapixels 1.15 to 1.25, of 1 megapixel nothing', outcome: 'kept' },
  { about: /resize|gaussian|unsharp mask|box blur/, what: 'looking for transparent pixels in sixty-four bytes a turn with one operation a vector, where it was sixteen with three', gained: 'on two threads half the size by a box 1.3 to 1.45, bilinear 1.07, box blur 1.07, resize by 1.5 1.04, gaussian 2 1.03, unsharp mask 2 1.01 times faster', outcome: 'kept' },
  { about: /threshold/, what: 'comparing alpha with 0 instead of selecting it, and sixty-four bytes a turn', gained: '1.09 times faster on two threads', outcome: 'kept' },
  { about: /threshold|invert|sepia|grayscale|lut/, what: 'rows made in cache and copied from there, since the copies of processors do not read what they write over', gained: 'on one thread and on two thresholds 1.3, inversion 1.2, tables 1.4, sepia 1.8 to 1.9 times slower', outcome: 'dropped' },
  { about: /at worst/, what: 'calls of up to 250,000 look-ups on the caller\'s thread, where it was 150,000: kernels are faster than when that was found', gained: 'between inline and threads 1.006 times the best on average where it was 1.014, on the machine that it was chosen on', outcome: 'kept' },
  { about: /^crop/, what: 'copying in only those rows that are needed', gained: 'in proportion to the rows that are left out', outcome: 'kept' },
  { about: GPU, what: 'four rows a thread, in a loop', gained: '1.1 to 2.5 times slower on the GPU in software', outcome: 'dropped' },
  { about: GPU, what: 'workgroups of 64 by 4 or 128 by 2, where they are 16 by 16', gained: 'no clear difference on the GPU in software: from a quarter less to a quarter more, pass by pass, on a noisy machine', outcome: 'dropped' },
  { about: GPU, what: 'a shader without the look-up for tables that are lines', gained: 'their passes take a tenth to a third less on the GPU in software', outcome: 'kept' },
  { about: GPU, what: 'four pixels of one channel read as one unit, where a pass sees up and down only', gained: 'a table takes half of its time on the GPU in software', outcome: 'kept' },
  { about: GPU, what: 'two words, where the neighbours of four pixels of one channel take four loads', gained: 'nothing that shows', outcome: 'dropped' },
  { about: GPU, what: 'the root of sobel in four lanes without branches', gained: 'nothing that shows', outcome: 'dropped' },
]
