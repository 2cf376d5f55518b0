package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.assertClose;
import static org.fasthebb.engine.Tensors.assertExact;
import static org.fasthebb.engine.Tensors.random;
import static org.fasthebb.engine.Tensors.zip;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Element-wise operations against float64. A single operation in float64, rounded to float32, gives
 * what IEEE float32 gives, so most results must be exact.
 */
class ElementwiseTest {
  record Unary(String name, UnaryOperator<Tensor> op, DoubleUnaryOperator f, double rtol) {
    @Override
    public String toString() {
      return name;
    }
  }

  record Binary(String name, BinaryOperator<Tensor> op, DoubleBinaryOperator f) {
    @Override
    public String toString() {
      return name;
    }
  }

  @SuppressWarnings("unused") // by the tests, as their source
  private static final List<Unary> UNARY =
      List.of(
          new Unary("copy", Tensor::copy, x -> x, 0),
          new Unary("plus 1.5", x -> x.plus(1.5f), x -> x + 1.5, 0),
          new Unary("times -3", x -> x.times(-3f), x -> x * -3, 0),
          new Unary("relu", Tensor::relu, x -> Math.max(x, 0), 0),
          new Unary("square", Tensor::square, x -> x * x, 0),
          new Unary("sqrt", x -> x.square().sqrt(), Math::abs, 1e-7),
          new Unary("exp", Tensor::exp, Math::exp, 2e-7),
          new Unary("log", x -> x.plus(1.25f).log(), x -> Math.log((float) (x + 1.25)), 1e-7),
          new Unary("zeroToOne", x -> x.relu().zeroToOne(), x -> x > 0 ? x : 1, 0));

  @SuppressWarnings("unused") // by the tests, as their source
  private static final List<Binary> BINARY =
      List.of(
          new Binary("plus", Tensor::plus, Double::sum),
          new Binary("minus", Tensor::minus, (a, b) -> a - b),
          new Binary("times", Tensor::times, (a, b) -> a * b),
          new Binary("div", Tensor::div, (a, b) -> a / b),
          new Binary("reluBackward", Tensor::reluBackward, (a, b) -> b > 0 ? a : 0));

  /** Around vector lengths, chunks of 1024 and tasks of 16384. */
  private static final int[] SIZES = {
    0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, 101, 1023, 1024, 1025, 16383, 16385, 40_000
  };

  private static final int[][] SHAPES = {
    {}, {5}, {3, 4}, {2, 3, 5}, {40, 3}, {3, 0, 2}, {1, 1}, {130, 257}, {2, 1300}
  };

  private static void check(Unary unary, Tensor x, Tensor view) {
    double[] expected = Tensors.map(x, unary.f);
    Tensor actual = unary.op.apply(view);
    if (unary.rtol == 0) {
      assertExact(unary.name, expected, actual);
    } else {
      assertClose(unary.name, expected, actual, 0, unary.rtol);
    }
  }

  @ParameterizedTest
  @FieldSource("UNARY")
  void unaryOfEverySize(Unary unary) {
    for (int n : SIZES) {
      Tensor x = random(n, n);
      check(unary, x, x);
    }
  }

  @ParameterizedTest
  @FieldSource("UNARY")
  void unaryOfEveryView(Unary unary) {
    for (int[] shape : SHAPES) {
      Tensor x = random(1, shape);
      check(unary, x, Tensors.withGaps(x));
      check(unary, x, Tensors.transposed(x));
    }
    Tensor patches = random(2, 2, 6, 5, 3).patches(2, 3);
    check(unary, patches, patches);
    Tensor stretched = random(3, 7, 1).broadcast(4, 7, 1100);
    check(unary, stretched, stretched);
  }

  @ParameterizedTest
  @FieldSource("BINARY")
  void binaryOfEverySize(Binary binary) {
    for (int n : SIZES) {
      Tensor a = random(n, n);
      Tensor b = random(n + 1, n);
      int[] shape = {n};
      assertExact(binary.name, zip(a, b, shape, binary.f), binary.op.apply(a, b));
    }
  }

  @ParameterizedTest
  @FieldSource("BINARY")
  void binaryOfEveryPairOfViews(Binary binary) {
    List<UnaryOperator<Tensor>> views = List.of(x -> x, Tensors::withGaps, Tensors::transposed);
    for (int[] shape : SHAPES) {
      Tensor a = random(1, shape);
      Tensor b = random(2, shape);
      double[] expected = zip(a, b, shape, binary.f);
      for (UnaryOperator<Tensor> viewA : views) {
        for (UnaryOperator<Tensor> viewB : views) {
          Tensor actual = binary.op.apply(viewA.apply(a), viewB.apply(b));
          assertExact(binary.name, expected, actual);
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("BINARY")
  void binaryStretches(Binary binary) {
    int[][][] shapes = { // a, b, result
      {{4, 5}, {5}, {4, 5}},
      {{4, 5}, {4, 1}, {4, 5}},
      {{4, 1}, {1, 5}, {4, 5}},
      {{1}, {4, 5}, {4, 5}},
      {{}, {4, 5}, {4, 5}},
      {{2, 1, 5}, {3, 1}, {2, 3, 5}},
      {{2, 3, 1, 5}, {1, 3, 4, 1}, {2, 3, 4, 5}},
      {{0, 5}, {1, 5}, {0, 5}},
      {{1, 5}, {0, 1}, {0, 5}},
      {{1500}, {30, 1}, {30, 1500}}
    };
    for (int[][] s : shapes) {
      Tensor a = random(1, s[0]);
      Tensor b = random(2, s[1]);
      Tensor actual = binary.op.apply(a, b);
      assertArrayEquals(s[2], actual.shape());
      assertExact(binary.name, zip(a, b, s[2], binary.f), actual);
      assertExact(binary.name, zip(b, a, s[2], binary.f), binary.op.apply(b, a));
    }
  }

  @ParameterizedTest
  @FieldSource("BINARY")
  void binaryOfPatches(Binary binary) {
    Tensor patches = random(1, 2, 6, 5, 3).patches(2, 3);
    Tensor stored = patches.copy();
    Tensor row = random(2, 1, patches.size(1));
    Tensor column = random(3, patches.size(0), 1);
    int[] shape = patches.shape();
    assertExact("row", zip(stored, row, shape, binary.f), binary.op.apply(patches, row));
    assertExact("column", zip(column, stored, shape, binary.f), binary.op.apply(column, patches));
    assertExact("both", zip(stored, stored, shape, binary.f), binary.op.apply(patches, patches));
  }

  @ParameterizedTest
  @FieldSource("BINARY")
  void whatDoesNotStretchIsRefusedWithBothShapes(Binary binary) {
    int[][][] misfits = {{{4, 5}, {4}}, {{4, 5}, {2, 5}}, {{3}, {0}}, {{2, 3, 4}, {2, 1, 3}}};
    for (int[][] s : misfits) {
      Tensor a = random(1, s[0]);
      Tensor b = random(2, s[1]);
      String message =
          assertThrows(IllegalArgumentException.class, () -> binary.op.apply(a, b)).getMessage();
      assertTrue(message.contains(a.layout() + " and " + b.layout()), message);
      assertTrue(message.startsWith("cannot "), message);
    }
  }

  @Test
  void nanIsNotLost() {
    Tensor nan = Tensors.CPU.of(new float[] {Float.NaN}, 1);
    for (Unary unary : UNARY) {
      if (!unary.name.equals("zeroToOne")) {
        assertTrue(Float.isNaN(unary.op.apply(nan).item()), unary.name);
      }
    }
    assertTrue(Float.isNaN(nan.zeroToOne().item()));
    assertEquals(0, random(1, 1).reluBackward(nan).item());
  }

  @Test
  void zeroOfEitherSignCountsAsOneInZeroToOne() {
    Tensor x = Tensors.CPU.of(new float[] {0f, -0f, 1e-40f, -2}, 4);
    assertArrayEquals(new float[] {1, 1, 1e-40f, -2}, x.zeroToOne().toArray());
  }

  @Test
  void inputsAreNotChanged() {
    Tensor a = random(1, 30);
    Tensor b = random(2, 30);
    float[] beforeA = a.toArray();
    float[] beforeB = b.toArray();
    UNARY.forEach(unary -> assertTrue(unary.op.apply(a).storage() != a.storage()));
    BINARY.forEach(binary -> assertTrue(binary.op.apply(a, b).storage() != b.storage()));
    assertArrayEquals(beforeA, a.toArray());
    assertArrayEquals(beforeB, b.toArray());
  }

  @Test
  void copyOfACopyIsTheSame() {
    Tensor x = random(1, 4, 5);
    assertSame(x, x.contiguous());
    assertArrayEquals(x.permute(1, 0).toArray(), x.permute(1, 0).copy().copy().toArray());
  }
}
