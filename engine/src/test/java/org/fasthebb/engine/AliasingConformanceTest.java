package org.fasthebb.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Operations that change a tensor and read views of the same memory, each against the result with
 * operands that were copied before. Changes of views that have one place in memory for several
 * elements are refused, and change nothing.
 */
class AliasingConformanceTest extends Conformance {
  private static final int SIZE = 64;

  private record Of(String name, UnaryOperator<Tensor> view) {}

  private static Tensor part(Tensor x, int from, int... shape) {
    return x.slice(0, from, from + Tensors.count(shape)).reshape(shape);
  }

  /** Views of shape [4, 4] of a vector. */
  private static final List<Of> MATRICES =
      List.of(
          new Of("plain", x -> part(x, 0, 4, 4)),
          new Of("shifted by one", x -> part(x, 1, 4, 4)),
          new Of("shifted by a row", x -> part(x, 4, 4, 4)),
          new Of("behind", x -> part(x, 16, 4, 4)),
          new Of("transposed", x -> part(x, 0, 4, 4).permute(1, 0)),
          new Of("transposed and shifted", x -> part(x, 3, 4, 4).permute(1, 0)),
          new Of("left columns", x -> part(x, 0, 4, 8).slice(1, 0, 4)),
          new Of("middle columns", x -> part(x, 0, 4, 8).slice(1, 2, 6)),
          new Of("right columns", x -> part(x, 0, 4, 8).slice(1, 4, 8)),
          new Of("even columns", x -> part(x, 0, 4, 4, 2).slice(2, 0, 1).flatten(1, 2)),
          new Of("odd columns", x -> part(x, 0, 4, 4, 2).slice(2, 1, 2).flatten(1, 2)),
          new Of("even rows", x -> part(x, 0, 4, 2, 4).slice(1, 0, 1).flatten(0, 1)),
          new Of("odd rows", x -> part(x, 0, 4, 2, 4).slice(1, 1, 2).flatten(0, 1)),
          new Of("composite rows", x -> part(x, 0, 2, 2, 4).flatten(0, 1)),
          new Of(
              "blocks",
              x -> part(x, 0, 2, 2, 2, 2).permute(0, 2, 1, 3).flatten(0, 1).flatten(1, 2)),
          new Of("row for all", x -> part(x, 2, 1, 4).broadcast(4, 4)),
          new Of("column for all", x -> part(x, 2, 4, 1).broadcast(4, 4)),
          new Of("number for all", x -> part(x, 5, 1).broadcast(4, 4)),
          new Of("patches", x -> part(x, 0, 1, 3, 3, 1).patches(2, 2)),
          new Of("patches, transposed", x -> part(x, 0, 1, 3, 3, 1).patches(2, 2).permute(1, 0)),
          new Of("patches in rows", x -> part(x, 0, 1, 2, 5, 1).patches(2, 2)),
          new Of("one patch per image", x -> part(x, 0, 4, 2, 2, 1).patches(2, 2)),
          new Of("wide patches", x -> part(x, 0, 1, 4, 4, 1).patches(1, 4)),
          new Of("high patches", x -> part(x, 0, 1, 4, 4, 1).patches(4, 1)));

  /** And views that are stretched to it. */
  private static final List<Of> OPERANDS = new ArrayList<>(MATRICES);

  static {
    OPERANDS.add(new Of("first row", x -> part(x, 0, 4)));
    OPERANDS.add(new Of("second row", x -> part(x, 4, 1, 4)));
    OPERANDS.add(new Of("first column", x -> part(x, 0, 4, 4).slice(1, 0, 1)));
    OPERANDS.add(new Of("last column, lying", x -> part(x, 0, 4, 4).slice(1, 3, 4).permute(1, 0)));
    OPERANDS.add(new Of("first number", x -> part(x, 0)));
    OPERANDS.add(new Of("a number in the middle", x -> part(x, 7, 1, 1)));
    OPERANDS.add(new Of("far behind", x -> part(x, 60, 4)));
  }

  private interface Change {
    void of(Tensor x, Tensor a, Tensor b);
  }

  private interface Formula {
    float of(float x, float a, float b);
  }

  private record Operation(String name, Change change, Formula number) {}

  private static final List<Operation> OPERATIONS =
      List.of(
          new Operation("fill", (x, a, b) -> x.fill(7), (x, a, b) -> 7),
          new Operation("reluAssign", (x, a, b) -> x.reluAssign(), (x, a, b) -> Math.max(x, 0)),
          new Operation("times number", (x, a, b) -> x.timesAssign(3), (x, a, b) -> 3 * x),
          new Operation("assign", (x, a, b) -> x.assign(a), (x, a, b) -> a),
          new Operation("addAssign", (x, a, b) -> x.addAssign(a), (x, a, b) -> x + a),
          new Operation("timesAssign", (x, a, b) -> x.timesAssign(a), (x, a, b) -> x * a),
          new Operation("maximum", (x, a, b) -> x.maximumAssign(a), (x, a, b) -> Math.max(x, a)),
          new Operation("addProduct", (x, a, b) -> x.addProduct(a, b), (x, a, b) -> x + a * b),
          new Operation("addProduct", (x, a, b) -> x.addProduct(b, a), (x, a, b) -> x + b * a),
          new Operation("of itself", (x, a, b) -> x.addProduct(x, a), (x, a, b) -> x + x * a));

  /** Whole numbers, so that products and sums are exact. */
  private static float[] values() {
    float[] values = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = i * 29 % 41 - 17;
    }
    return values;
  }

  /** Where in memory the elements of a view of shape [4, 4] lie. */
  private static int[] places(Of view) {
    float[] places = view.view.apply(Tensors.counting(SIZE)).broadcast(4, 4).toArray();
    int[] whole = new int[16];
    for (int i = 0; i < 16; i++) {
      whole[i] = (int) places[i];
    }
    return whole;
  }

  /** All operands, or every fifth on a GPU, whose emulator is slow: what decides is common. */
  private static int step(Backend backend) {
    return backend.isRemote() ? 5 : 1;
  }

  private static boolean repeats(int... places) {
    return Arrays.stream(places).distinct().count() < places.length;
  }

  /** Makes a change, and says why it was refused; null if it was not. */
  private static String refusal(Runnable change) {
    try {
      change.run();
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  @OnEveryBackend
  void everyChangeOfEveryViewByEveryView(Backend backend) {
    Set<String> refused = new HashSet<>();
    for (Operation operation : OPERATIONS) {
      for (Of target : MATRICES) {
        for (int i = 0; i < OPERANDS.size(); i += step(backend)) {
          Of a = OPERANDS.get(i);
          Of b = OPERANDS.get((3 * i + 5) % OPERANDS.size());
          String what = operation.name + " " + target.name + ", " + a.name + ", " + b.name;
          float[] expected = values();
          Tensor all = backend.of(expected, SIZE);
          Tensor x = target.view.apply(all);
          Tensor y = a.view.apply(all);
          Tensor z = b.view.apply(all);
          String refusal = refusal(() -> operation.change.of(x, y, z));
          int[] places = places(target);
          if (repeats(places)) {
            assertTrue(refusal.contains("[4, 4]") && refusal.contains("one place in memory"), what);
          } else if (refusal != null) {
            assertTrue(refusal.contains("cut differently"), what + ": " + refusal);
          } else {
            int[] as = places(a);
            int[] bs = places(b);
            float[] before = values();
            for (int k = 0; k < 16; k++) {
              expected[places[k]] =
                  operation.number.of(before[places[k]], before[as[k]], before[bs[k]]);
            }
          }
          refused.add(refusal);
          assertArrayEquals(expected, all.toArray(), what);
        }
      }
    }
    assertTrue(refused.contains(null) && refused.size() > 1);
  }

  @OnEveryBackend
  void everyContraction(Backend backend) {
    for (boolean add : new boolean[] {false, true}) {
      for (Of target : MATRICES) {
        int[] places = places(target);
        for (int i = 0; i < MATRICES.size(); i += step(backend)) {
          Of a = MATRICES.get(i);
          Of b = MATRICES.get((5 * i + 1) % MATRICES.size());
          String what = (add ? "add to " : "into ") + target.name + ", " + a.name + ", " + b.name;
          float[] expected = values();
          Tensor all = backend.of(expected, SIZE);
          Tensor x = target.view.apply(all);
          Tensor y = a.view.apply(all);
          Tensor z = b.view.apply(all);
          String refusal =
              refusal(() -> {
                if (add) {
                  Contraction.contractAdd(x, "bn,ns->bs", y, z);
                } else {
                  Contraction.contractInto(x, "bn,ns->bs", y, z);
                }
              });
          if (repeats(places)) {
            assertTrue(refusal.contains("one place in memory"), what);
          } else if (refusal != null) {
            assertTrue(refusal.contains("cut differently"), what + ": " + refusal);
          } else {
            float[] before = values();
            int[] as = places(a);
            int[] bs = places(b);
            for (int k = 0; k < 16; k++) {
              float sum = add ? before[places[k]] : 0;
              for (int n = 0; n < 4; n++) {
                sum += before[as[k / 4 * 4 + n]] * before[bs[4 * n + k % 4]];
              }
              expected[places[k]] = sum;
            }
          }
          assertArrayEquals(expected, all.toArray(), what);
        }
      }
    }
  }

  @OnEveryBackend
  void lowerTriangle(Backend backend) {
    for (Of target : MATRICES) {
      Tensor all = backend.of(values(), SIZE);
      Tensor x = target.view.apply(all);
      float[] expected = values();
      int[] places = places(target);
      if (repeats(places) || !x.layout().isSimple()) {
        assertThrows(IllegalArgumentException.class, x::lowerTriangleAssign, target.name);
      } else {
        x.lowerTriangleAssign();
        for (int k = 0; k < 16; k++) {
          expected[places[k]] = k % 4 > k / 4 ? 0 : expected[places[k]];
        }
      }
      assertArrayEquals(expected, all.toArray(), target.name);
    }
  }

  @OnEveryBackend
  void rowsAreSelectedFromOverlappingMemory(Backend backend) {
    float[] numbers = {2, 0, 3, 3};
    for (Of target : MATRICES) {
      for (int i = 0; i < MATRICES.size(); i += step(backend)) {
        Of source = MATRICES.get(i);
        Tensor all = backend.of(values(), SIZE);
        Tensor x = source.view.apply(all);
        Tensor out = target.view.apply(all);
        float[] expected = values();
        Tensor rows = backend.of(numbers, 4);
        String refusal = refusal(() -> backend.indexSelect(x, rows, out));
        String what = target.name + ", " + source.name;
        assertEquals(out.layout().isContiguous(), refusal == null, what);
        int[] places = places(target);
        int[] from = places(source);
        float[] before = values();
        for (int k = 0; k < 16 && refusal == null; k++) {
          expected[places[k]] = before[from[4 * (int) numbers[k / 4] + k % 4]];
        }
        assertArrayEquals(expected, all.toArray(), what);
      }
    }
    Tensor all = backend.of(new float[] {9, 1, 3, 0, 2, 9}, 6);
    Tensor table = backend.of(new float[] {10, 11, 12, 13}, 4);
    backend.indexSelect(table, all.slice(0, 1, 5), all.slice(0, 2, 6));
    assertArrayEquals(new float[] {9, 1, 11, 13, 10, 12}, all.toArray(), "over the row numbers");
  }

  /** Rows longer than what is handled at once, and by several threads. */
  @OnEveryBackend
  void longRows(Backend backend) {
    int n = 100_000;
    float[] counting = Tensors.counting(n).toArray();
    Tensor x = backend.of(counting, n);
    x.slice(0, 1, n).assign(x.slice(0, 0, n - 1));
    float[] moved = x.toArray();
    for (int i = 1; i < n; i++) {
      assertEquals(i - 1, moved[i]);
    }
    x = backend.of(counting, n);
    x.slice(0, 0, n - 1).addAssign(x.slice(0, 1, n));
    float[] added = x.toArray();
    for (int i = 0; i < n - 1; i++) {
      assertEquals(2 * i + 1, added[i]);
    }
  }

  @OnEveryBackend
  void recorded(Backend backend) {
    Tensor x = backend.of(new float[] {0, 1, 2, 3}, 2, 2);
    float[] expected = x.toArray();
    try (Recording step = backend.record(() -> x.addAssign(x.permute(1, 0)))) {
      for (int run = 0; run < 4; run++) {
        step.run();
        float sum = expected[1] + expected[2];
        expected = new float[] {2 * expected[0], sum, sum, 2 * expected[3]};
        assertArrayEquals(expected, x.toArray(), "run " + run);
      }
    }
  }

  @OnEveryBackend
  void randomNumbersOverTheirOwnStep(Backend backend) {
    int n = 40_000;
    Tensor expected = backend.zeros(n).uniformAssign(3, backend.of(new float[] {5}, 1));
    Tensor x = backend.zeros(n).fill(5);
    x.uniformAssign(3, x.slice(0, 20_000, 20_001));
    assertArrayEquals(expected.toArray(), x.toArray());
  }

  @OnEveryBackend
  void readIntoTheArrayItself(Backend backend) {
    if (!backend.isRemote()) {
      Tensor x = backend.of(new float[] {1, 2, 3, 4}, 2, 2);
      float[] array = x.storage().array();
      x.permute(1, 0).read(array);
      assertArrayEquals(new float[] {1, 3, 2, 4}, array);
    }
  }
}
