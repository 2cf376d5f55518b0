package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.assertExact;
import static org.fasthebb.engine.Tensors.counting;
import static org.fasthebb.engine.Tensors.integers;
import static org.fasthebb.engine.Tensors.zip;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The methods that change a tensor, in every kind of view. */
class AssignmentTest {
  private static final List<UnaryOperator<Tensor>> TARGETS =
      List.of(x -> x, Tensors::withGaps, Tensors::transposed, AssignmentTest::scattered);

  /** Rows in two groups with a gap between them, columns 40 apart. */
  private static Tensor scattered(Tensor x) {
    int group = x.size(0) / 2;
    Tensor all = counting(2, group + 1, x.size(1), 40).slice(1, 0, group);
    return all.permute(0, 1, 3, 2).slice(2, 7, 8).flatten(0, 2).assign(x);
  }

  private static final int[] SHAPE = {6, 4};

  @Test
  void fill() {
    for (UnaryOperator<Tensor> target : TARGETS) {
      Tensor x = target.apply(integers(1, SHAPE));
      assertSame(x, x.fill(7));
      float[] sevens = new float[24];
      java.util.Arrays.fill(sevens, 7);
      assertArrayEquals(sevens, x.toArray());
    }
  }

  @Test
  void assignStretchesItsSource() {
    for (UnaryOperator<Tensor> target : TARGETS) {
      for (int[] shape : new int[][] {{6, 4}, {1, 4}, {6, 1}, {4}, {1}, {}}) {
        Tensor source = integers(2, shape);
        Tensor x = target.apply(integers(1, SHAPE));
        assertSame(x, x.assign(source));
        assertExact("assign", zip(x, source, SHAPE, (a, b) -> b), x);
      }
    }
  }

  @Test
  void addAssignAndTimesAssignStretchTheOther() {
    for (UnaryOperator<Tensor> target : TARGETS) {
      for (int[] shape : new int[][] {{6, 4}, {1, 4}, {6, 1}, {4}, {1}, {}}) {
        Tensor other = integers(2, shape);
        Tensor before = integers(1, SHAPE);
        Tensor sum = target.apply(before.copy()).addAssign(other);
        assertExact("add", zip(before, other, SHAPE, Double::sum), sum);
        Tensor product = target.apply(before.copy()).timesAssign(other);
        assertExact("times", zip(before, other, SHAPE, (a, b) -> a * b), product);
      }
      Tensor scaled = target.apply(integers(1, SHAPE)).timesAssign(-2.5f);
      assertExact("scale", Tensors.map(integers(1, SHAPE), x -> x * -2.5), scaled);
    }
  }

  @Test
  void addProductStretchesBothFactors() {
    int[][] shapes = {{6, 4}, {1, 4}, {6, 1}, {4}, {1}, {}};
    Tensor before = integers(1, SHAPE);
    for (UnaryOperator<Tensor> target : TARGETS) {
      for (int[] first : shapes) {
        for (int[] second : shapes) {
          Tensor a = integers(2, first);
          Tensor b = integers(3, second);
          Tensor product = Tensors.CPU.zeros(SHAPE).assign(a).timesAssign(b);
          Tensor x = target.apply(before.copy());
          assertSame(x, x.addProduct(a, b));
          assertExact("add product", zip(before, product, SHAPE, Double::sum), x);
        }
      }
      Tensor x = target.apply(before.copy());
      x.addProduct(x, integers(4, 6, 1));
      double[] expected = zip(before, integers(4, 6, 1), SHAPE, (v, u) -> v + v * u);
      assertExact("of itself", expected, x);
    }
  }

  @Test
  void lowerTriangleAssign() {
    for (UnaryOperator<Tensor> target : TARGETS.subList(0, 3)) {
      Tensor x = target.apply(integers(1, SHAPE));
      assertSame(x, x.lowerTriangleAssign());
      float[] expected = integers(1, SHAPE).toArray();
      for (int i = 0; i < SHAPE[0]; i++) {
        for (int j = i + 1; j < SHAPE[1]; j++) {
          expected[i * SHAPE[1] + j] = 0;
        }
      }
      assertArrayEquals(expected, x.toArray());
    }
    Tensor patches = Tensors.CPU.zeros(1, 3, 3, 1).patches(2, 2);
    assertThrows(IllegalArgumentException.class, patches::lowerTriangleAssign);
    Tensor vector = Tensors.CPU.zeros(3);
    assertThrows(IllegalArgumentException.class, vector::lowerTriangleAssign);
  }

  @Test
  void reluAssign() {
    for (UnaryOperator<Tensor> target : TARGETS) {
      Tensor x = target.apply(integers(1, SHAPE));
      assertSame(x, x.reluAssign());
      assertExact("relu", Tensors.map(integers(1, SHAPE), v -> Math.max(v, 0)), x);
    }
  }

  @Test
  void aTensorMayBeAddedToItself() {
    Tensor x = integers(1, 5000);
    double[] doubled = Tensors.map(x, v -> 2 * v);
    assertExact("add", doubled, x.addAssign(x));
  }

  @Test
  void onlyTheViewChanges() {
    Tensor whole = counting(5, 6);
    float[] expected = whole.toArray();
    whole.slice(0, 1, 3).slice(1, 2, 4).timesAssign(-1);
    for (int i : new int[] {8, 9, 14, 15}) {
      expected[i] = -i;
    }
    assertArrayEquals(expected, whole.toArray());
  }

  @Test
  void emptyTensorsChangeNothing() {
    Tensor x = counting(0, 4);
    assertArrayEquals(
        new float[0],
        x.fill(1).assign(counting(4)).addAssign(counting(1)).timesAssign(2).toArray());
  }

  @Test
  void theTargetDoesNotStretch() {
    List<BinaryOperator<Tensor>> all =
        List.of(
            Tensor::assign,
            Tensor::addAssign,
            (x, y) -> x.timesAssign(y),
            (x, y) -> x.addProduct(y, x),
            (x, y) -> x.addProduct(x, y));
    int[][][] misfits = {
      {{1, 4}, {3, 4}}, {{4}, {3, 4}}, {{3, 4}, {3}}, {{3, 4}, {0, 4}}, {{}, {1}}
    };
    for (BinaryOperator<Tensor> op : all) {
      for (int[][] s : misfits) {
        Tensor x = integers(1, s[0]);
        Tensor y = integers(2, s[1]);
        String message =
            assertThrows(IllegalArgumentException.class, () -> op.apply(x, y)).getMessage();
        assertTrue(message.contains(y.layout() + " into " + x.layout()), message);
      }
    }
  }
}
