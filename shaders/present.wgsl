// Draws an image from a buffer into a canvas of its size: one triangle that covers it, and the pixel under each place.

struct Picture { width: u32, units: u32, channels: u32 }

@group(0) @binding(0) var<storage, read> pixels: array<u32>;
@group(0) @binding(1) var<uniform> picture: Picture;

@vertex
fn cover(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {
  return vec4f(select(-1.0, 3.0, corner == 1u), select(-1.0, 3.0, corner == 2u), 0.0, 1.0);
}

@fragment
fn pixel(@builtin(position) place: vec4f) -> @location(0) vec4f {
  let x = u32(place.x);
  let row = u32(place.y) * picture.units;
  if (picture.channels == 1u) {
    let grey = (pixels[row + x / 4u] >> (8u * (x % 4u))) & 255u;
    return vec4f(vec3f(f32(grey) / 255.0), 1.0);
  }
  let v = unpack4x8unorm(pixels[row + x]);
  // Canvases hold premultiplied colour.
  return vec4f(v.rgb * v.a, v.a);
}
