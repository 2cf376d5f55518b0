package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Operations on each element. */
class ElementwiseConformanceTest extends Conformance {
  private static final int[] SIZES = {1, 2, 31, 32, 33, 257, 1000};

  private interface OfTensor {
    Tensor apply(Tensor x);
  }

  private record Unary(String name, OfTensor tensor, DoubleUnaryOperator number) {}

  private static final List<Unary> UNARIES =
      List.of(
          new Unary("plus", x -> x.plus(0.5f), x -> x + 0.5),
          new Unary("times", x -> x.times(-3f), x -> x * -3),
          new Unary("relu", Tensor::relu, x -> Math.max(0, x)),
          new Unary("square", Tensor::square, x -> x * x),
          new Unary("sqrt", x -> x.square().sqrt(), Math::abs),
          new Unary("exp", Tensor::exp, Math::exp),
          new Unary("log", x -> x.square().plus(1).log(), x -> Math.log(x * x + 1)),
          new Unary("zeroToOne", x -> x.relu().zeroToOne(), x -> x <= 0 ? 1 : x));

  @OnEveryBackend
  void unary(Backend backend) {
    for (int n : SIZES) {
      for (int[] shape : new int[][] {{n}, {n, 3}, {2, n, 4}}) {
        Tensor x = random(n, shape);
        for (Unary op : UNARIES) {
          for (View view : View.values()) {
            Tensor there = view.of(backend, x);
            double[] expected = Tensors.map(x, op.number);
            assertClose(op.name + " " + view, expected, op.tensor.apply(there), 1e-6, 1e-5);
          }
        }
      }
    }
  }

  @OnEveryBackend
  void unaryInPlace(Backend backend) {
    for (View view : View.values()) {
      Tensor x = random(1, 5, 33);
      Tensor there = view.of(backend, x);
      there.timesAssign(2).reluAssign();
      assertClose(Tensors.map(x, v -> Math.max(0, 2 * v)), there, 1e-6, 1e-6);
      there.fill(4);
      assertClose(Tensors.map(x, v -> 4), there, 0, 0);
    }
  }

  @OnEveryBackend
  void nanStaysNan(Backend backend) {
    Tensor x = backend.of(new float[] {Float.NaN, -1, Float.NEGATIVE_INFINITY, 2}, 4);
    assertTrue(Float.isNaN(x.relu().toArray()[0]));
    assertTrue(Float.isNaN(x.max().item()));
    assertArrayEquals(new float[] {-1, Float.NEGATIVE_INFINITY, 2}, x.slice(0, 1, 4).toArray());
    assertEquals(2, x.slice(0, 1, 4).max().item());
    assertEquals(Float.NEGATIVE_INFINITY, x.slice(0, 2, 3).max().item());
  }

  private interface OfTensors {
    Tensor apply(Tensor a, Tensor b);
  }

  private record Binary(String name, OfTensors tensors, DoubleBinaryOperator numbers) {}

  private static Tensor larger(Tensor a, Tensor b) {
    int[] shape = Layout.broadcastShape(a.shape(), b.shape());
    Tensor out = a.backend().empty(shape);
    a.device().zip(Op.Binary.MAX, a.broadcast(shape), b.broadcast(shape), out);
    return out;
  }

  private static final List<Binary> BINARIES =
      List.of(
          new Binary("plus", Tensor::plus, Double::sum),
          new Binary("minus", Tensor::minus, (a, b) -> a - b),
          new Binary("times", Tensor::times, (a, b) -> a * b),
          new Binary("div", (a, b) -> a.div(b.square().plus(1)), (a, b) -> a / (b * b + 1)),
          new Binary("max", ElementwiseConformanceTest::larger, Math::max),
          new Binary("reluBackward", Tensor::reluBackward, (a, b) -> b > 0 ? a : 0));

  private static final int[][][] PAIRS = {
    {{7, 33}, {7, 33}},
    {{7, 33}, {33}},
    {{7, 33}, {7, 1}},
    {{1, 33}, {7, 1}},
    {{257}, {1}},
    {{}, {5}},
    {{4, 3, 8}, {3, 1}},
    {{2, 1, 5, 4}, {3, 5, 1}},
    {{0, 4}, {4}},
    {{1000}, {1000}}
  };

  @OnEveryBackend
  void binary(Backend backend) {
    for (int[][] pair : PAIRS) {
      Tensor a = random(1, pair[0]);
      Tensor b = random(2, pair[1]);
      int[] shape = Layout.broadcastShape(pair[0], pair[1]);
      for (Binary op : BINARIES) {
        double[] expected = Tensors.zip(a, b, shape, op.numbers);
        for (View viewA : View.values()) {
          for (View viewB : View.values()) {
            Tensor result = op.tensors.apply(viewA.of(backend, a), viewB.of(backend, b));
            assertArrayEquals(shape, result.shape());
            assertClose(op.name + " " + viewA + " " + viewB, expected, result, 1e-6, 1e-5);
          }
        }
      }
    }
  }

  @OnEveryBackend
  void binaryInPlace(Backend backend) {
    Tensor x = random(1, 9, 33);
    Tensor row = random(2, 33);
    Tensor column = random(3, 9, 1);
    double[] expected = Tensors.zip(x, row, x.shape(), (a, b) -> (a + b) * b);
    double[] product = Tensors.zip(row, column, x.shape(), (a, b) -> a * b);
    for (int i = 0; i < expected.length; i++) {
      expected[i] += product[i];
    }
    for (View view : View.values()) {
      Tensor there = view.of(backend, x);
      Tensor rowThere = view.of(backend, row);
      there.addAssign(rowThere).timesAssign(rowThere);
      there.addProduct(rowThere, view.of(backend, column));
      assertClose(view.toString(), expected, there, 1e-5, 1e-5);
    }
    Tensor flat = View.PLAIN.of(backend, x);
    flat.addProduct(flat, flat);
    assertClose(Tensors.map(x, v -> v + v * v), flat, 1e-6, 1e-5);
  }
}
