package org.fasthebb.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;

/** Copies to and from Java arrays, and between layouts. */
class CopyConformanceTest extends Conformance {
  @OnEveryBackend
  void copies(Backend backend) {
    for (int[] shape :
        new int[][] {{}, {0}, {1}, {33}, {3, 5}, {2, 0, 4}, {7, 4, 8}, {3, 2, 5, 4}}) {
      Tensor x = random(1, shape);
      for (View view : View.values()) {
        Tensor there = view.of(backend, x);
        assertArrayEquals(x.toArray(), there.toArray(), () -> view + " " + Arrays.toString(shape));
        assertArrayEquals(x.toArray(), there.copy().toArray());
        assertArrayEquals(x.toArray(), view.of(backend, x).assign(there).toArray());
      }
    }
  }

  /** More values than a device copies at once. */
  @OnEveryBackend
  void largeCopies(Backend backend) {
    float[] values = new float[10_000_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 9973;
    }
    Tensor small = backend.of(new float[] {1, 2, 3}, 3);
    Tensor large = backend.of(values, values.length);
    values[7] = -1; // x has its own copy already
    float[] copied = large.toArray();
    values[7] = 7;
    assertArrayEquals(values, copied);
    assertArrayEquals(new float[] {1, 2, 3}, small.toArray());
    assertEquals(5, large.slice(0, 5, 6).item());
  }

  @OnEveryBackend
  void indexSelect(Backend backend) {
    Tensor x = random(1, 6, 3, 5);
    float[] rows = {5, 0, 0, 3};
    Tensor out = backend.empty(4, 3, 5);
    backend.indexSelect(View.PLAIN.of(backend, x), backend.of(rows, 4), out);
    float[] values = x.toArray();
    float[] expected = new float[60];
    for (int i = 0; i < 60; i++) {
      expected[i] = values[((int) rows[i / 15]) * 15 + i % 15];
    }
    assertArrayEquals(expected, out.toArray());
    backend.indexSelect(View.PLAIN.of(backend, x), backend.zeros(0), backend.empty(0, 3, 5));
  }
}
