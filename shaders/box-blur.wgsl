// With n = (2 radius + 1)^2 and sums over the window:
//   box_blur: round(sum(c) / n), every channel alike.
//   box_blur_alpha: colour = round(sum(c a) / sum(a)), 0 where sum(a) is 0; alpha = round(sum(a) / n).
// The _y functions make sums of columns, at most 511 * 255 * 255 = 33,227,775; the _x functions add them up and divide.
// Exact, rounded once, half up: sum(c) and sum(a) are at most 255 n = 66,585,855.
//
// A thread that makes several places in turn keeps its sums: what the window leaves is taken from them and what it enters
// is added. They are right for the place `summed_at`, and made anew for any other than the next.

struct BoxBlurParams { radius: i32 }
struct BoxBlurAlphaParams { radius: i32 }

var<private> summed_at = vec2i(-1000000);
var<private> sums: vec4i;

// Whether the sums are those of the place `step` before this one. From here on they are this one's.
fn continues(step: vec2i) -> bool {
  let place = vec2i(columns.x, lines.x);
  let known = all(place == summed_at + step);
  summed_at = place;
  return known;
}

// Four places of one channel are made at a time.
fn stride() -> i32 {
  return select(4, 1, OP_CHANNELS == 4);
}

fn box_blur_y(at: i32) -> vec4i {
  let p = BoxBlurParams(data[at]);
  if (continues(vec2i(0, 1))) {
    sums += load(0, p.radius) - load(0, -p.radius - 1);
    return sums;
  }
  sums = vec4i(0);
  for (var k = -p.radius; k <= p.radius; k++) {
    sums += load(0, k);
  }
  return sums;
}

fn box_blur_x(at: i32) -> vec4i {
  let p = BoxBlurParams(data[at]);
  if (continues(vec2i(stride(), 0))) {
    for (var k = 0; k < stride(); k++) {
      sums += load(p.radius - k, 0) - load(-p.radius - 1 - k, 0);
    }
  } else {
    sums = vec4i(0);
    for (var k = -p.radius; k <= p.radius; k++) {
      sums += load(k, 0);
    }
  }
  let taps = 2 * p.radius + 1;
  let n = taps * taps;
  return (sums + n / 2) / n;
}

fn weighed(v: vec4i) -> vec4i {
  return vec4i(v.xyz * v.w, v.w);
}

fn box_blur_alpha_y(at: i32) -> vec4i {
  let p = BoxBlurAlphaParams(data[at]);
  if (continues(vec2i(0, 1))) {
    sums += weighed(load(0, p.radius)) - weighed(load(0, -p.radius - 1));
    return sums;
  }
  sums = vec4i(0);
  for (var k = -p.radius; k <= p.radius; k++) {
    sums += weighed(load(0, k));
  }
  return sums;
}

// sum(c a) has up to 34 bits, so that it is held as high * 2^12 + low, and divided by sum(a) < 2^26 in three steps
// of long division whose remainders, six bits added, fit u32.
var<private> high_sums: vec3u;

fn add_alpha_sums(v: vec4u) {
  high_sums += v.xyz >> vec3u(12);
  sums += vec4i(vec4u(v.xyz & vec3u(4095), v.w));
}

fn subtract_alpha_sums(v: vec4u) {
  high_sums -= v.xyz >> vec3u(12);
  sums -= vec4i(vec4u(v.xyz & vec3u(4095), v.w));
}

fn box_blur_alpha_x(at: i32) -> vec4i {
  let p = BoxBlurAlphaParams(data[at]);
  if (continues(vec2i(1, 0))) {
    add_alpha_sums(vec4u(load(p.radius, 0)));
    subtract_alpha_sums(vec4u(load(-p.radius - 1, 0)));
  } else {
    high_sums = vec3u(0);
    sums = vec4i(0);
    for (var k = -p.radius; k <= p.radius; k++) {
      add_alpha_sums(vec4u(load(k, 0)));
    }
  }
  let alpha = u32(sums.w);
  if (alpha == 0u) {
    return vec4i(0);
  }
  // Half of the divisor, so that the quotient is rounded. Below 511 * 4096 + 2^25.
  var low = vec3u(sums.xyz) + alpha / 2u;
  let high = high_sums + (low >> vec3u(12));
  low &= vec3u(4095);
  var rest = high;
  var quotient = rest / alpha;
  rest = ((rest % alpha) << vec3u(6)) | (low >> vec3u(6));
  quotient = (quotient << vec3u(6)) + rest / alpha;
  rest = ((rest % alpha) << vec3u(6)) | (low & vec3u(63));
  quotient = (quotient << vec3u(6)) + rest / alpha;
  let n = u32((2 * p.radius + 1) * (2 * p.radius + 1));
  return vec4i(vec4u(quotient, (alpha + n / 2u) / n));
}
