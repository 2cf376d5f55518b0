package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;
import static org.fasthebb.engine.Tensors.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every backend has to do: each operation against its definition in float64, at sizes around
 * those of vectors, warps and tiles, on views of all kinds.
 */
class ConformanceTest {
  private static final int[] SIZES = {1, 2, 31, 32, 33, 257, 1000};

  /** A test that runs on each backend, and closes none. */
  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("backends")
  private @interface OnEveryBackend {}

  private static List<Backend> backends;

  @BeforeAll
  static void open() {
    backends = Devices.all();
  }

  @AfterAll
  static void close() {
    backends.forEach(Backend::close);
  }

  static List<Backend> backends() {
    return backends;
  }

  /** How a tensor lies in memory. */
  private enum View {
    PLAIN,
    GAPS,
    TRANSPOSED;

    Tensor of(Backend backend, Tensor values) {
      return switch (this) {
        case PLAIN -> backend.of(values.toArray(), values.shape());
        case GAPS -> gaps(backend, values);
        case TRANSPOSED -> transposed(backend, values);
      };
    }

    private static Tensor gaps(Backend backend, Tensor values) {
      int[] larger = Arrays.stream(values.shape()).map(size -> size + 3).toArray();
      Tensor view = backend.zeros(larger).fill(Float.NaN);
      for (int i = 0; i < values.rank(); i++) {
        view = view.slice(i, 1 + i % 2, 1 + i % 2 + values.size(i));
      }
      return view.assign(PLAIN.of(backend, values));
    }

    private static Tensor transposed(Backend backend, Tensor values) {
      int rank = values.rank();
      int[] reversed = new int[rank];
      int[] shape = new int[rank];
      for (int i = 0; i < rank; i++) {
        reversed[i] = rank - 1 - i;
        shape[i] = values.size(rank - 1 - i);
      }
      return backend.zeros(shape).permute(reversed).assign(PLAIN.of(backend, values));
    }
  }

  private static Tensor random(long seed, int... shape) {
    return Tensors.random(seed, shape);
  }

  @Test
  void theGpuIsAmongThem() {
    assumeTrue(Devices.whyNoGpu() == null, Devices.whyNoGpu());
    List<String> names = backends.stream().map(Backend::describe).toList();
    assertTrue(names.getFirst().startsWith("cpu, "), names.toString());
    assertEquals(2, names.size(), names.toString());
    assertTrue(
        names.getLast().startsWith(Devices.isEmulated() ? "cuda, Emulated GPU" : "cuda, "),
        names.toString());
  }

  // ---- copies

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

  /** More than what a device takes at once. */
  @OnEveryBackend
  void largeCopies(Backend backend) {
    float[] values = new float[10_000_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 9973;
    }
    Tensor small = backend.of(new float[] {1, 2, 3}, 3);
    Tensor large = backend.of(values, values.length);
    values[7] = -1; // copied already
    float[] copied = large.toArray();
    values[7] = 7;
    assertArrayEquals(values, copied);
    assertArrayEquals(new float[] {1, 2, 3}, small.toArray());
    assertEquals(5, large.slice(0, 5, 6).item());
  }

  @OnEveryBackend
  void take(Backend backend) {
    Tensor x = random(1, 6, 3, 5);
    float[] rows = {5, 0, 0, 3};
    Tensor out = backend.empty(4, 3, 5);
    backend.take(View.PLAIN.of(backend, x), backend.of(rows, 4), out);
    float[] values = x.toArray();
    float[] expected = new float[60];
    for (int i = 0; i < 60; i++) {
      expected[i] = values[((int) rows[i / 15]) * 15 + i % 15];
    }
    assertArrayEquals(expected, out.toArray());
    backend.take(View.PLAIN.of(backend, x), backend.zeros(0), backend.empty(0, 3, 5));
  }

  // ---- element-wise

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
          new Unary("nonzero", x -> x.relu().nonzero(), x -> x <= 0 ? 1 : x));

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
  void notANumberStays(Backend backend) {
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
    a.backend().zip(Op.Binary.MAX, a.broadcast(shape), b.broadcast(shape), out);
    return out;
  }

  private static final List<Binary> BINARIES =
      List.of(
          new Binary("plus", Tensor::plus, Double::sum),
          new Binary("minus", Tensor::minus, (a, b) -> a - b),
          new Binary("times", Tensor::times, (a, b) -> a * b),
          new Binary("over", (a, b) -> a.over(b.square().plus(1)), (a, b) -> a / (b * b + 1)),
          new Binary("max", ConformanceTest::larger, Math::max),
          new Binary("gate", Tensor::gate, (a, b) -> b > 0 ? a : 0));

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

  // ---- reductions

  private static final int[][] REDUCED = {
    {1},
    {33},
    {257},
    {5000},
    {7, 33},
    {100, 31},
    {33, 2},
    {3000, 40},
    {3, 4000},
    {600, 1},
    {3, 5, 7, 2},
    {2, 300, 33},
    {40, 2, 64}
  };

  @OnEveryBackend
  void reductions(Backend backend) {
    for (int[] shape : REDUCED) {
      Tensor x = random(5, shape);
      for (int subset = 1; subset < 1 << shape.length; subset++) {
        int[] axes = axes(subset, shape.length);
        for (View view : View.values()) {
          Tensor there = view.of(backend, x);
          String name = view + " " + Arrays.toString(shape) + " over " + Arrays.toString(axes);
          assertClose(name, reduced(x, axes, 0, Double::sum), there.sum(axes), 1e-4, 1e-5);
          assertClose(
              name,
              reduced(x, axes, 0, (sum, v) -> sum + v * v),
              there.sumOfSquares(axes),
              1e-5,
              1e-5);
          double least = Double.NEGATIVE_INFINITY;
          assertClose(name, reduced(x, axes, least, Math::max), there.max(axes), 0, 0);
        }
      }
    }
  }

  private static int[] axes(int subset, int rank) {
    return java.util.stream.IntStream.range(0, rank).filter(i -> (subset >> i & 1) == 1).toArray();
  }

  private static double[] reduced(Tensor x, int[] axes, double start, DoubleBinaryOperator op) {
    int[] shape = x.shape();
    for (int axis : axes) {
      shape[axis] = 1;
    }
    double[] result = new double[Tensors.count(shape)];
    Arrays.fill(result, start);
    float[] values = x.toArray();
    int[] i = {0};
    Tensors.forEachIndex(
        x.shape(),
        index -> {
          int to = Tensors.stretched(index, shape);
          result[to] = op.applyAsDouble(result[to], values[i[0]++]);
        });
    return result;
  }

  @OnEveryBackend
  void reductionsOfNothing(Backend backend) {
    Tensor none = backend.zeros(0, 3);
    assertArrayEquals(new float[3], none.sum(0).toArray());
    assertEquals(0, none.sum().item());
    assertEquals(Float.NEGATIVE_INFINITY, none.max().item());
    assertEquals(0, none.sum(1).size());
  }

  @OnEveryBackend
  void reductionsOfPatches(Backend backend) {
    for (int[] shape : new int[][] {{2, 9, 8, 3}, {1, 5, 5, 40}, {3, 6, 4, 1}}) {
      for (int[] window : new int[][] {{1, 1}, {5, 3}, {2, 4}, {shape[1], shape[2]}}) {
        Tensor images = random(1, shape);
        Tensor patches = images.patches(window[0], window[1]).copy();
        for (View view : View.values()) {
          Tensor there = view.of(backend, images).patches(window[0], window[1]);
          assertClose(Tensors.doubles(patches), there.copy(), 0, 0);
          assertClose(
              reduced(patches, new int[] {1}, 0, (sum, v) -> sum + v * v),
              there.sumOfSquares(1),
              1e-5,
              1e-5);
          assertClose(reduced(patches, new int[] {0}, 0, Double::sum), there.sum(0), 1e-4, 1e-5);
        }
      }
    }
  }

  @OnEveryBackend
  void softmax(Backend backend) {
    for (int n : SIZES) {
      for (int rows : new int[] {0, 1, 33}) {
        Tensor x = random(n, rows, n);
        double[] expected = softmax(x, 50);
        for (View view : View.values()) {
          assertClose(expected, view.of(backend, x).softmax(50), 1e-6, 1e-4);
        }
      }
    }
  }

  /** softmax(scale x) over the last axis. */
  private static double[] softmax(Tensor x, double scale) {
    int n = x.size(-1);
    double[] e = Tensors.map(x, v -> scale * v);
    for (int row = 0; row < e.length; row += n) {
      double top = Arrays.stream(e, row, row + n).max().orElseThrow();
      double sum = 0;
      for (int j = 0; j < n; j++) {
        e[row + j] = Math.exp(e[row + j] - top);
        sum += e[row + j];
      }
      for (int j = 0; j < n; j++) {
        e[row + j] /= sum;
      }
    }
    return e;
  }

  @OnEveryBackend
  void compete(Backend backend) {
    for (int n : new int[] {1, 31, 32, 33, 257}) {
      for (int rows : new int[] {1, 7, 600}) {
        for (float scale : new float[] {50, 500}) {
          Tensor patchNorms = random(2, rows, 1).square().plus(0.5f);
          Tensor neuronNorms = random(3, 1, n).square().plus(0.5f);
          Tensor y = random(n, rows, n).times(patchNorms).times(neuronNorms); // by the cosines
          Tensor before = random(4, 2, n);
          Tensor projection = y.over(neuronNorms);
          double[] r = softmax(projection.over(patchNorms).plus(1).times(0.5f).square(), scale);
          double[] sums = Tensors.doubles(before);
          for (int i = 0; i < r.length; i++) {
            sums[i % n] += r[i];
            sums[n + i % n] += r[i] * r[i];
          }
          Tensor out = View.PLAIN.of(backend, y);
          Tensor squares = backend.empty(rows, n);
          Tensor added = View.PLAIN.of(backend, before);
          backend.compete(
              out,
              View.PLAIN.of(backend, patchNorms),
              View.PLAIN.of(backend, neuronNorms),
              scale,
              squares,
              added);
          assertClose(Tensors.map(projection, v -> Math.max(0, v)), out, 1e-6, 1e-5);
          assertClose(Arrays.stream(r).map(v -> v * v).toArray(), squares, 1e-6, 1e-3);
          assertClose(sums, added, 1e-4, 1e-3);
        }
      }
    }
  }

  @OnEveryBackend
  void moments(Backend backend) {
    for (int n : new int[] {1, 31, 33, 96}) {
      for (int rows : new int[] {1, 2, 33, 257, 2000}) {
        Tensor x = random(n, rows, n).plus(100);
        double[] mean = reduced(x, new int[] {0}, 0, (sum, v) -> sum + v / rows);
        double[] variance = new double[n];
        float[] values = x.toArray();
        for (int i = 0; i < values.length; i++) {
          variance[i % n] += Math.pow(values[i] - mean[i % n], 2) / rows;
        }
        Tensor there = View.PLAIN.of(backend, x);
        Tensor m = backend.empty(n);
        Tensor v = backend.empty(n);
        backend.moments(there, m, v);
        assertClose("mean", mean, m, 1e-5, 1e-6);
        assertClose("variance", variance, v, 1e-5, 1e-4);
        Tensor scale = random(1, n);
        Tensor shift = random(2, n);
        Tensor out = backend.empty(rows, n);
        backend.affine(there, View.PLAIN.of(backend, scale), View.PLAIN.of(backend, shift), out);
        assertClose("affine", Tensors.doubles(x.times(scale).plus(shift)), out, 1e-4, 1e-5);
      }
    }
  }

  // ---- pooling, dropout, descent

  @OnEveryBackend
  void pooling(Backend backend) {
    for (int[] shape : new int[][] {{2, 8, 8, 3}, {1, 7, 5, 33}, {3, 2, 3, 1}, {0, 4, 4, 2}}) {
      for (int k : new int[] {1, 2}) {
        Tensor x = random(1, shape);
        int[] pooled = {shape[0], shape[1] / k, shape[2] / k, shape[3]};
        Tensor gradient = random(2, pooled);
        double[] top = new double[Tensors.count(pooled)];
        double[] back = new double[x.size()];
        pool(x, k, gradient, top, back);
        Tensor there = View.PLAIN.of(backend, x);
        Tensor out = backend.empty(pooled);
        Tensor winners = backend.empty(pooled);
        backend.maxPool(there, k, out, winners);
        assertClose("max", top, out, 0, 0);
        assertClose("max without winners", top, there.maxPool(k), 0, 0);
        Tensor dx = backend.empty(shape).fill(Float.NaN);
        backend.maxPoolGradient(View.PLAIN.of(backend, gradient), winners, k, dx);
        assertClose("gradient", back, dx, 0, 0);
      }
    }
  }

  private static void pool(Tensor x, int k, Tensor gradient, double[] top, double[] back) {
    float[] values = x.toArray();
    float[] dy = gradient.toArray();
    int[] at = {0};
    Tensors.forEachIndex(
        gradient.shape(),
        index -> {
          int best = -1;
          for (int i = 0; i < k * k; i++) {
            int row = (index[0] * x.size(1) + index[1] * k + i / k) * x.size(2);
            int from = (row + index[2] * k + i % k) * x.size(3) + index[3];
            best = best < 0 || values[from] > values[best] ? from : best;
          }
          top[at[0]] = values[best];
          back[best] = dy[at[0]++];
        });
  }

  @Test
  void equalValuesOfAWindowGoToTheFirst() {
    for (Backend backend : backends) {
      Tensor winners = backend.empty(1, 1, 1, 1);
      backend.maxPool(backend.zeros(1, 2, 2, 1), 2, backend.empty(1, 1, 1, 1), winners);
      assertEquals(0, winners.item());
    }
  }

  @OnEveryBackend
  void dropoutDropsTheSameEverywhere(Backend backend) {
    Tensor x = random(1, 1000).plus(3);
    for (float p : new float[] {0, 0.25f, 0.9f}) {
      for (int step : new int[] {0, 1, 1_000_000}) {
        Tensor expected = Tensors.CPU.empty(1000);
        Tensors.CPU.dropout(x, p, -5, Tensors.CPU.of(new float[] {step}, 1), expected);
        Tensor out = backend.empty(1000);
        Tensor there = View.PLAIN.of(backend, x);
        backend.dropout(there, p, -5, backend.of(new float[] {step}, 1), out);
        assertArrayEquals(expected.toArray(), out.toArray());
      }
    }
  }

  @OnEveryBackend
  void descent(Backend backend) {
    for (int n : SIZES) {
      Tensor w = random(1, n);
      Tensor g = random(2, n);
      Tensor v = random(3, n);
      double[] newV = new double[n];
      double[] newW = new double[n];
      for (int i = 0; i < n; i++) {
        double gradient = g.toArray()[i] + 0.01 * w.toArray()[i];
        newV[i] = 0.9 * v.toArray()[i] + gradient;
        newW[i] = w.toArray()[i] - 0.1 * (gradient + 0.9 * newV[i]);
      }
      Tensor weights = View.PLAIN.of(backend, w);
      Tensor velocity = View.PLAIN.of(backend, v);
      backend.descend(weights, View.PLAIN.of(backend, g), velocity, 0.1f, 0.9f, 0.01f);
      assertClose("w", newW, weights, 1e-6, 1e-5);
      assertClose("v", newV, velocity, 1e-6, 1e-5);
    }
  }

  // ---- products

  private static final int[][] MATRICES = {
    {1, 1, 1},
    {1, 33, 5},
    {33, 1, 7},
    {31, 32, 33},
    {64, 65, 17},
    {2, 3, 700},
    {0, 3, 4},
    {3, 0, 4},
    {3, 4, 0},
    {130, 67, 40}
  };

  /** All contractions of two matrices and their results that the project writes. */
  @OnEveryBackend
  void products(Backend backend) {
    for (int[] size : MATRICES) {
      for (String spec :
          new String[] {
            "bs,ns->bn", "bn,bs->ns", "bn,ns->bs", "nm,ms->ns", "bs,bt->st", "bs,ns->nb"
          }) {
        String letters = spec.replace(",", "").replace("->", "");
        char[] distinct =
            letters
                .chars()
                .distinct()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .toCharArray();
        String[] parts = spec.split(",|->");
        Tensor a = random(1, sizes(parts[0], distinct, size));
        Tensor b = random(2, sizes(parts[1], distinct, size));
        Tensor start = random(3, sizes(parts[2], distinct, size));
        check(backend, spec, a, b, start);
      }
    }
  }

  private static int[] sizes(String letters, char[] distinct, int[] size) {
    return letters.chars().map(c -> size[new String(distinct).indexOf(c)]).toArray();
  }

  private static void check(Backend backend, String spec, Tensor a, Tensor b, Tensor start) {
    double[] expected = NaiveContraction.of(spec, a, b);
    double[] added = Tensors.doubles(start);
    for (int i = 0; i < added.length; i++) {
      added[i] += expected[i];
    }
    double tolerance = 2e-5;
    for (View viewA : View.values()) {
      for (View viewB : View.values()) {
        Tensor x = viewA.of(backend, a);
        Tensor y = viewB.of(backend, b);
        String name = spec + " " + viewA + " " + viewB;
        assertClose(name, expected, contract(spec, x, y), tolerance, 1e-5);
        for (View viewC : View.values()) {
          Tensor out = viewC.of(backend, start);
          assertClose(name + " into", expected, contractInto(out, spec, x, y), tolerance, 1e-5);
          Tensor sum = viewC.of(backend, start);
          assertClose(name + " add", added, contractAdd(sum, spec, x, y), tolerance, 1e-5);
        }
      }
    }
  }

  @OnEveryBackend
  void batchedProducts(Backend backend) {
    check(backend, "kbs,kns->kbn", random(1, 3, 5, 7), random(2, 3, 4, 7), random(3, 3, 5, 4));
    check(backend, "kbs,kns->bkn", random(1, 3, 5, 7), random(2, 1, 4, 7), random(3, 5, 3, 4));
    check(backend, "bks,kns->knb", random(1, 5, 3, 7), random(2, 3, 4, 7), random(3, 3, 4, 5));
    check(
        backend,
        "ijbs,ijns->ijbn",
        random(1, 2, 3, 4, 5),
        random(2, 1, 3, 2, 5),
        random(3, 2, 3, 4, 2));
    check(backend, "b,b->b", random(1, 33), random(2, 33), random(3, 33));
    check(backend, "b,n->bn", random(1, 5), random(2, 7), random(3, 5, 7));
    check(backend, "bs,bs->", random(1, 50, 7), random(2, 50, 7), random(3));
    check(backend, "bsij,nsij->bn", random(1, 5, 2, 3, 4), random(2, 6, 2, 3, 4), random(3, 5, 6));
    check(backend, "bj,ij->jib", random(1, 5, 6), random(2, 3, 6), random(3, 6, 3, 5));
  }

  @OnEveryBackend
  void productsOfPatches(Backend backend) {
    int n = 6;
    for (int[] shape : new int[][] {{2, 9, 8, 3}, {1, 5, 5, 8}, {3, 4, 4, 1}}) {
      for (int[] window : new int[][] {{1, 1}, {3, 2}, {shape[1], shape[2]}, {2, shape[2]}}) {
        Tensor images = random(1, shape);
        Tensor patches = images.patches(window[0], window[1]);
        Tensor copied = patches.copy();
        int rows = copied.size(0);
        int s = copied.size(1);
        Tensor w = random(2, n, s);
        Tensor r = random(3, rows, n);
        for (View view : View.values()) {
          Tensor x = view.of(backend, images).patches(window[0], window[1]);
          Tensor weights = View.PLAIN.of(backend, w);
          assertClose(
              NaiveContraction.of("bs,ns->bn", copied, w),
              contract("bs,ns->bn", x, weights),
              1e-5,
              1e-5);
          assertClose(
              NaiveContraction.of("bn,bs->ns", r, copied),
              contract("bn,bs->ns", View.PLAIN.of(backend, r), x),
              1e-4,
              1e-5);
        }
        // The adjoint of a convolution adds to patches of the gradient, seen as columns of pixels.
        Tensor pixels = View.PLAIN.of(backend, images);
        int ho = shape[1] - window[0] + 1;
        int wo = shape[2] - window[1] + 1;
        Tensor touched = pixels.slice(1, 0, ho).slice(2, 0, wo).merge(0, 2);
        Tensor wc = random(4, n, shape[3]);
        double[] expected = NaiveContraction.of("bn,ns->bs", r, wc);
        float[] before = touched.toArray();
        for (int i = 0; i < expected.length; i++) {
          expected[i] += before[i];
        }
        contractAdd(touched, "bn,ns->bs", View.PLAIN.of(backend, r), View.PLAIN.of(backend, wc));
        assertClose("pixels", expected, touched, 1e-5, 1e-5);
      }
    }
  }

  @OnEveryBackend
  void deflate(Backend backend) {
    for (int n : new int[] {1, 5, 33, 257, 520}) {
      for (int b : new int[] {1, 9}) {
        for (int s : new int[] {1, 33}) {
          Tensor y = random(n, b, n).relu();
          Tensor x = random(2, b, s);
          Tensor w = random(3, n, s).times(0.1f);
          double[] expected = deflated(y, x, w, 0.25);
          Tensor own = View.PLAIN.of(backend, w);
          Tensor ys = View.GAPS.of(backend, y);
          backend.deflate(ys, View.TRANSPOSED.of(backend, x), own, 24, 0.25f, own);
          assertClose("into w", expected, own, 2e-4, 1e-4);
          Tensor other = backend.zeros(n, s);
          Tensor weights = View.PLAIN.of(backend, w);
          backend.deflate(ys, View.PLAIN.of(backend, x), weights, 7, 0.25f, other);
          assertClose("into another", expected, other.plus(weights), 2e-4, 1e-4);
          assertArrayEquals(w.toArray(), weights.toArray());
        }
      }
    }
  }

  /** w_n + scale sum_b y_bn (x_b - sum_{m &lt;= n} y_bm w_m). */
  private static double[] deflated(Tensor y, Tensor x, Tensor w, double scale) {
    int n = w.size(0);
    int s = w.size(1);
    double[] ys = Tensors.doubles(y);
    double[] ws = Tensors.doubles(w);
    double[] out = ws.clone();
    for (int b = 0; b < x.size(0); b++) {
      double[] residual = Tensors.doubles(x.slice(0, b, b + 1));
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < s; j++) {
          residual[j] -= ys[b * n + i] * ws[i * s + j];
          out[i * s + j] += scale * ys[b * n + i] * residual[j];
        }
      }
    }
    return out;
  }

  // ---- whole passes

  @OnEveryBackend
  void backpropAgreesWithTheCpu(Backend backend) {
    float[] expected = gradients(Tensors.CPU);
    float[] actual = gradients(backend);
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-4 + 1e-3 * Math.abs(expected[i]), "at " + i);
    }
  }

  private static float[] gradients(Backend backend) {
    try (Scope _ = backend.scope()) {
      Tape tape = new Tape();
      Variable x = tape.parameter(View.PLAIN.of(backend, random(1, 4, 8, 8, 3)));
      Variable w = tape.parameter(View.PLAIN.of(backend, random(2, 6, 27)));
      Variable v = tape.parameter(View.PLAIN.of(backend, random(3, 5, 54)));
      BatchNorm norm = new BatchNorm(backend, 6, true);
      Variable gamma = tape.parameter(norm.gamma());
      Variable beta = tape.parameter(norm.beta());
      Variable y = tape.convolve(x, tape.normalizeRows(w), 3, 3);
      y = tape.maxPool(tape.batchNorm(tape.relu(y), norm, gamma, beta), 2);
      Tensor step = backend.zeros(1).fill(3);
      y = tape.dropout(tape.reshape(y, 4, 54), 0.5f, 7, step);
      Variable z = tape.contract("bs,ns->bn", y, v);
      Variable loss = tape.crossEntropy(z, backend.oneHot(new int[] {0, 3, 4, 1}, 5));
      tape.backward(loss);
      Tensor all = backend.empty(1).assign(loss.value());
      float[] numbers = all.toArray();
      for (Variable of : List.of(x, w, v, gamma, beta)) {
        float[] next = of.gradient().toArray();
        int n = numbers.length;
        numbers = Arrays.copyOf(numbers, n + next.length);
        System.arraycopy(next, 0, numbers, n, next.length);
      }
      return numbers;
    }
  }

  @OnEveryBackend
  void recordingsRepeat(Backend backend) {
    Tensor x = backend.zeros(5, 33);
    Tensor w = View.PLAIN.of(backend, random(1, 7, 33));
    Tensor sum = backend.zeros(5, 7);
    Tensor step = backend.zeros(1);
    double[] expected = new double[35];
    Random random = new Random(4);
    try (Recording recording =
        backend.record(() -> {
          sum.addAssign(contract("bs,ns->bn", x, w).relu());
          step.addAssign(step.plus(1).minus(step));
        })) {
      for (int i = 1; i <= 5; i++) {
        Tensor values = random(random.nextLong(), 5, 33);
        x.write(values.toArray());
        recording.run();
        double[] product = NaiveContraction.of("bs,ns->bn", values, random(1, 7, 33));
        for (int j = 0; j < 35; j++) {
          expected[j] += Math.max(0, product[j]);
        }
        assertClose("run " + i, expected, sum, 1e-5, 1e-5);
        assertEquals(i, step.item());
      }
    }
  }

  @OnEveryBackend
  void sameBitsInEveryRun(Backend backend) {
    Tensor x = View.PLAIN.of(backend, random(1, 3000, 33));
    float[] sums = x.sum(0).toArray();
    float[] all = x.sumOfSquares().toArray();
    float[] products = contract("bn,bs->ns", x, x).toArray();
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(sums, x.sum(0).toArray());
      assertArrayEquals(all, x.sumOfSquares().toArray());
      assertArrayEquals(products, contract("bn,bs->ns", x, x).toArray());
    }
  }
}
