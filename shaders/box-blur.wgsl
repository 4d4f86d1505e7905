// With n = (2 radius + 1)^2 and sums over the window:
//   box_blur: round(sum(c) / n), every channel alike.
//   box_blur_alpha: colour = round(sum(c a) / sum(a)), 0 where sum(a) is 0; alpha = round(sum(a) / n).
// The _y functions make sums of columns, at most 511 * 255 * 255 = 33,227,775; the _x functions add them up and divide.
// Exact, rounded once, half up: sum(c) and sum(a) are at most 255 n = 66,585,855.

struct BoxBlurParams { radius: i32 }
struct BoxBlurAlphaParams { radius: i32 }

fn box_blur_y(at: i32) -> vec4i {
  let p = BoxBlurParams(data[at]);
  var sum = vec4i(0);
  for (var k = -p.radius; k <= p.radius; k++) {
    sum += load(0, k);
  }
  return sum;
}

fn box_blur_x(at: i32) -> vec4i {
  let p = BoxBlurParams(data[at]);
  var sum = vec4i(0);
  for (var k = -p.radius; k <= p.radius; k++) {
    sum += load(k, 0);
  }
  let taps = 2 * p.radius + 1;
  let n = taps * taps;
  return (sum + n / 2) / n;
}

fn box_blur_alpha_y(at: i32) -> vec4i {
  let p = BoxBlurAlphaParams(data[at]);
  var sum = vec4i(0);
  for (var k = -p.radius; k <= p.radius; k++) {
    let v = load(0, k);
    sum += vec4i(v.xyz * v.w, v.w);
  }
  return sum;
}

// sum(c a) has up to 34 bits, so that it is held as high * 2^12 + low, and divided by sum(a) < 2^26 in three steps
// of long division whose remainders, six bits added, fit u32.
fn box_blur_alpha_x(at: i32) -> vec4i {
  let p = BoxBlurAlphaParams(data[at]);
  var high = vec3u(0);
  var low = vec3u(0);
  var alpha = 0u;
  for (var k = -p.radius; k <= p.radius; k++) {
    let v = vec4u(load(k, 0));
    high += v.xyz >> vec3u(12);
    low += v.xyz & vec3u(4095);
    alpha += v.w;
  }
  if (alpha == 0u) {
    return vec4i(0);
  }
  // Half of the divisor, so that the quotient is rounded. Below 511 * 4096 + 2^25.
  low += alpha / 2u;
  high += low >> vec3u(12);
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
