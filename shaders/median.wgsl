// median: the middle of (2 radius + 1)^2 values, of every channel. Exact: it is one of them.
//
// The values of the window are counted, and the counts are kept while a thread makes one row after the other: from
// row to row one row of the window leaves and one enters. They are right for the window at `counted_at`; at any
// other place than the next one below they are made anew.

struct MedianParams { radius: i32 }

// How often each value stands in the window of each lane: at most 10201.
var<private> counts: array<vec4i, 256>;
var<private> counted_at = vec2i(-1000000);
// A value for each lane, and how many values in the window are less.
var<private> middle: vec4i;
var<private> less: vec4i;

fn count(v: vec4i, by: i32) {
  counts[v.x].x += by;
  counts[v.y].y += by;
  counts[v.z].z += by;
  counts[v.w].w += by;
  less += select(vec4i(0), vec4i(by), v < middle);
}

fn counts_of_middle() -> vec4i {
  return vec4i(counts[middle.x].x, counts[middle.y].y, counts[middle.z].z, counts[middle.w].w);
}

fn median(at: i32) -> vec4i {
  let p = MedianParams(data[at]);
  let place = vec2i(columns.x, lines.x);
  if (all(place == counted_at + vec2i(0, 1))) {
    for (var k = -p.radius; k <= p.radius; k++) {
      count(load(k, -p.radius - 1), -1);
      count(load(k, p.radius), 1);
    }
  } else {
    for (var value = 0; value < 256; value++) {
      counts[value] = vec4i(0);
    }
    middle = vec4i(128);
    less = vec4i(0);
    for (var dy = -p.radius; dy <= p.radius; dy++) {
      for (var k = -p.radius; k <= p.radius; k++) {
        count(load(k, dy), 1);
      }
    }
  }
  counted_at = place;

  // The middle has at most `half` values below it, and more than that up to it.
  let half = vec4i((2 * p.radius + 1) * (2 * p.radius + 1) / 2);
  while (any(less > half)) {
    let down = less > half;
    middle -= select(vec4i(0), vec4i(1), down);
    less -= select(vec4i(0), counts_of_middle(), down);
  }
  while (any(less + counts_of_middle() <= half)) {
    let equal = counts_of_middle();
    let up = less + equal <= half;
    less += select(vec4i(0), equal, up);
    middle += select(vec4i(0), vec4i(1), up);
  }
  return middle;
}
