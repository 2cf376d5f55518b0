package org.fasthebb.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.hebb.HardWta;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.hebb.Response;
import org.fasthebb.hebb.SoftHebb;
import org.fasthebb.models.network.Activations.CentredRelu;
import org.fasthebb.models.network.Activations.Power;
import org.fasthebb.models.network.Activations.Relu;
import org.fasthebb.models.network.Activations.TwoSidedThreshold;
import org.fasthebb.models.network.Decoder.Maps;
import org.fasthebb.models.network.Decoder.Unpool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the gradients of each stage's trace with central differences of a random linear
 * functional of its output. Inputs are chosen so that no difference crosses a kink.
 */
class StageGradientTest {
  private static final Backend CPU = Backend.cpu(2);

  @AfterAll
  static void close() {
    CPU.close();
  }

  /**
   * What is differentiated.
   *
   * @param step of the differences: no larger than the distance to the next kink
   */
  record Example(String what, Stage stage, Tensor x, double step) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Example> examples() {
    return Stream.of(
        new Example("linear neurons", neurons(new SoftHebb(1), null), odd(1, 2, 6, 5, 3), 1 / 16.),
        new Example("rectified neurons", neurons(new Hpca(), null), odd(2, 2, 6, 5, 3), 1 / 16.),
        new Example("projected neurons", neurons(new HardWta(), null), odd(3, 2, 6, 5, 3), 1 / 16.),
        new Example("neurons with a bias", neurons(null, evens(4, 4)), odd(5, 2, 6, 5, 3), 1 / 16.),
        new Example("batch norm", norm(false, true), gaussian(6, 3, 2, 3, 4), 1 / 64.),
        new Example("batch norm of features", norm(false, true), gaussian(7, 9, 4), 1 / 64.),
        new Example("standardisation", norm(false, false), gaussian(8, 3, 2, 3, 4), 1 / 64.),
        new Example("maxima", new MaxPool("pool", 2), distinct(9, 2, 5, 4, 3), 1 / 32.),
        new Example("maxima of 3x3", new MaxPool("pool", 3), distinct(10, 2, 6, 7, 2), 1 / 32.),
        new Example("unpooling", unpooling(), gaussian(11, 2, 2, 3, 3), 1 / 4.),
        new Example("relu", new Relu("relu"), odd(12, 2, 3, 4, 5), 1 / 4.),
        new Example("linear layer", linear(), gaussian(13, 4, 6), 1 / 4.),
        new Example("transposed convolution", painter(), gaussian(14, 2, 3, 2, 4), 1 / 4.),
        new Example("maps", new Maps("maps", 2, 3, 4), gaussian(15, 2, 24), 1 / 4.),
        new Example("a frame", new ReflectPadding("pad", 2), gaussian(16, 2, 4, 3, 2), 1 / 4.),
        new Example("no frame", new ReflectPadding("pad", 0), gaussian(17, 2, 4, 3, 2), 1 / 4.),
        new Example("triangles", new CentredRelu("relu"), offCentre(18, 2, 3, 2, 4), 1 / 16.),
        new Example("root", new Power("power", 0.7f), positive(19, 2, 3, 2, 4), 1 / 64.),
        new Example("power", new Power("power", 1.4f), positive(20, 2, 3, 2, 4), 1 / 64.),
        new Example("first power", new Power("power", 1), positive(21, 2, 3, 2, 4), 1 / 64.),
        new Example(
            "overlapping maxima",
            new OverlappingMaxPool("pool"),
            distinct(22, 2, 6, 8, 3),
            1 / 32.),
        new Example(
            "overlapping maxima of an odd side",
            new OverlappingMaxPool("pool"),
            distinct(23, 2, 7, 5, 2),
            1 / 32.),
        new Example("means", new MeanPool("pool"), gaussian(24, 2, 4, 6, 3), 1 / 4.),
        new Example("means of an odd side", new MeanPool("pool"), gaussian(25, 2, 5, 7, 2), 1 / 4.),
        new Example("signed neurons", signed(), odd(26, 2, 6, 5, 3), 1 / 16.),
        new Example("two sides", new TwoSidedThreshold("sides", 0.5f), odd(27, 2, 3, 4), 1 / 8.),
        new Example("means of a grid", new GridPool("pool", 2), gaussian(28, 2, 5, 7, 2), 1 / 4.),
        new Example("branches", branches(), odd(29, 2, 6, 5, 3), 1 / 16.));
  }

  // ---- stages

  /** Neurons whose outputs are sums of 27 odd products and an even bias, and so never 0. */
  private static Stage neurons(HebbianRule rule, Tensor bias) {
    Response response = rule == null ? Response.RECTIFIED : rule.response();
    return new Convolution("conv", odd(31, 4, 3, 3, 3), bias, rule, 1, response);
  }

  private static Stage branches() {
    Sequence neurons = new Sequence(List.of(neurons(new SoftHebb(1), null)));
    Sequence means = new Sequence(List.of(new GridPool("pool", 3), new GridPool("pool2", 2)));
    return new Branches("join", 2, List.of(neurons, means));
  }

  private static Stage signed() {
    Tensor weights = odd(31, 4, 3, 3, 3);
    return new Convolution("conv", weights, null, new HardWta(), 1, Response.SIGNED);
  }

  private static Stage norm(boolean modified, boolean affine) {
    BatchNorm norm = new BatchNorm(CPU, 4, modified);
    norm.gamma().write(new float[] {1, 0.5f, -2, 1.5f});
    norm.beta().write(new float[] {0, 1, -1, 0.25f});
    return new Norm("bn", norm, affine);
  }

  private static Stage linear() {
    return new Linear("fc", gaussian(32, 5, 6), gaussian(33, 5));
  }

  private static Stage painter() {
    return new ConvolutionTransposed("conv", gaussian(34, 4, 3, 3, 2), gaussian(35, 2));
  }

  /**
   * Unpooling to the places of the maxima of other images, with respect to which nothing is
   * differentiated.
   */
  private static Stage unpooling() {
    Stage pool = new MaxPool("pool", 2);
    Stage unpool = new Unpool("unpool", "pool");
    Tensor pooled = distinct(36, 2, 5, 7, 3);
    return new Stage() {
      @Override
      public String name() {
        return "unpool";
      }

      @Override
      public String describe() {
        return unpool.describe();
      }

      @Override
      public Variable trace(Trace trace, Variable x) {
        trace.outputs().put("pool", pool.trace(trace, trace.tape().constant(pooled)));
        return unpool.trace(trace, x);
      }
    };
  }

  // ---- numbers

  private interface Numbers {
    double at(int i);
  }

  private static Tensor tensor(Numbers numbers, int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) numbers.at(i);
    }
    return CPU.of(values, shape);
  }

  private static Tensor gaussian(long seed, int... shape) {
    Random random = new Random(seed);
    return tensor(_ -> random.nextGaussian(), shape);
  }

  /** -3, -1, 1 or 3. */
  private static Tensor odd(long seed, int... shape) {
    Random random = new Random(seed);
    return tensor(_ -> 2 * random.nextInt(4) - 3, shape);
  }

  private static Tensor evens(long seed, int... shape) {
    Random random = new Random(seed);
    return tensor(_ -> 2 * random.nextInt(4) - 2, shape);
  }

  /** From 1/2 to 2. */
  private static Tensor positive(long seed, int... shape) {
    Random random = new Random(seed);
    return tensor(_ -> 0.5 + 1.5 * random.nextDouble(), shape);
  }

  /** Different multiples of 1/8 in random order, some of them negative. */
  private static Tensor distinct(long seed, int... shape) {
    int n = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Collections.shuffle(Arrays.asList(order), new Random(seed));
    return tensor(i -> (order[i] - n / 2) / 8.0, shape);
  }

  /**
   * Groups of four whole numbers whose sum is 2 modulo 4, so that no number is the mean of its
   * group.
   */
  private static Tensor offCentre(long seed, int... shape) {
    Random random = new Random(seed);
    int[] sum = {0};
    return tensor(
        i -> {
          int value = random.nextInt(9) - 4;
          if (i % 4 == 3) {
            value += 2 - Math.floorMod(sum[0] + value, 4);
            sum[0] = 0;
          } else {
            sum[0] += value;
          }
          return value;
        },
        shape);
  }

  // ---- gradients

  /** sum (g y), y being the output in training. */
  private static double functional(Stage stage, Tensor x, float[] g) {
    Trace trace = Trace.training(new Tape());
    float[] y = stage.trace(trace, trace.tape().constant(x)).value().toArray();
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += (double) g[i] * y[i];
    }
    return sum;
  }

  /** Compares a gradient at {@code at}, which is the input or a parameter, with differences. */
  private static void assertGradient(Example example, Tensor at, Tensor gradient, float[] g) {
    float[] actual = gradient.toArray();
    float[] values = at.toArray();
    assertArrayEquals(at.shape(), gradient.shape());
    double largest = 0;
    double[] expected = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      float middle = values[i];
      values[i] = (float) (middle + example.step());
      at.write(values);
      double above = functional(example.stage(), example.x(), g);
      values[i] = (float) (middle - example.step());
      at.write(values);
      double below = functional(example.stage(), example.x(), g);
      values[i] = middle;
      at.write(values);
      expected[i] = (above - below) / (2 * example.step());
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    assertTrue(largest > 0.1, "the functional does not depend on it");
    assertArrayEquals(expected, wide(actual), 2e-3 * largest);
  }

  private static double[] wide(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void gradientsAreThoseOfDifferences(Example example) {
    Stage stage = example.stage();
    Trace trace = Trace.training(new Tape());
    Variable x = trace.tape().parameter(example.x());
    Variable y = stage.trace(trace, x);
    Tensor g = gaussian(99, y.value().shape());
    trace.tape().backward(y, g.copy());
    assertEquals(stage.parameters().keySet(), trace.parameters().keySet());
    Map<String, Tensor> gradients = new HashMap<>();
    trace.parameters().forEach((name, p) -> gradients.put(name, p.gradient()));
    assertGradient(example, example.x(), x.gradient(), g.toArray());
    stage
        .parameters()
        .forEach((name, p) -> assertGradient(example, p, gradients.get(name), g.toArray()));
  }

  /** In the modified form a factor is computed from running variances, and counts as a constant. */
  @Test
  void modifiedBatchNormScalesTheGradient() {
    Tensor x = gaussian(41, 3, 2, 3, 4);
    Tensor g = gaussian(42, 3, 2, 3, 4);
    float[][] gradients = new float[2][];
    BatchNorm modified = new BatchNorm(CPU, 4, true);
    modified.runningVariance().write(new float[] {1, 2, 3, 4});
    for (BatchNorm norm : new BatchNorm[] {new BatchNorm(CPU, 4, false), modified}) {
      Trace trace = Trace.training(new Tape());
      Variable input = trace.tape().parameter(x);
      trace.tape().backward(new Norm("bn", norm, true).trace(trace, input), g.copy());
      gradients[norm.isModified() ? 1 : 0] = input.gradient().toArray();
    }
    double[] variance = wide(modified.runningVariance().toArray());
    double mean = Arrays.stream(variance).average().orElseThrow();
    for (int i = 0; i < x.size(); i++) {
      double factor = Math.sqrt((variance[i % 4] + 1e-5) / (mean + 1e-5));
      assertEquals(factor * gradients[0][i], gradients[1][i], 1e-5, "element " + i);
    }
  }

  @Test
  void powersHaveNoGradientAtZero() {
    for (float p : new float[] {0.7f, 1, 1.4f}) {
      Trace trace = Trace.training(new Tape());
      Variable x = trace.tape().parameter(CPU.of(new float[] {0, 1, 0, 1}, 1, 4));
      Variable y = new Power("power", p).trace(trace, x);
      trace.tape().backward(y, CPU.of(new float[] {5, 6, -7, -8}, 1, 4));
      assertArrayEquals(new float[] {0, 6 * p, 0, -8 * p}, x.gradient().toArray(), 1e-5f);
    }
  }

  /** One of the equal maxima gets the whole gradient, and none is lost. */
  @Test
  void gradientsOfMaximaThatTie() {
    for (Stage pool : new Stage[] {new MaxPool("pool", 2), new OverlappingMaxPool("pool")}) {
      Trace trace = Trace.training(new Tape());
      Variable x = trace.tape().parameter(CPU.zeros(1, 4, 4, 1).fill(3));
      Variable y = pool.trace(trace, x);
      trace.tape().backward(y, CPU.of(new float[] {1, 2, 4, 8}, 1, 2, 2, 1));
      assertEquals(15, x.gradient().sum().item(), pool.describe());
    }
  }

  // ---- evaluation

  @ParameterizedTest
  @MethodSource("examples")
  void evaluationIsTheTraceWithoutTraining(Example example) {
    Stage stage = example.stage();
    functional(stage, example.x(), new float[100_000]); // moves running statistics
    Trace trace = Trace.evaluation();
    Variable y = stage.trace(trace, trace.tape().parameter(example.x()));
    float[] expected = y.value().toArray();
    Tensor output = stage.evaluate(example.x());
    assertArrayEquals(y.value().shape(), output.shape());
    float[] actual = output.toArray();
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-5 * (1 + Math.abs(expected[i])));
    }
    trace.parameters().values().forEach(p -> assertNull(p.gradient()));
    assertTrue(stage.describe().length() > 4 && !stage.describe().contains("\n"));
  }

  /** Stages without weights and statistics compute the same in learning as in evaluation. */
  @ParameterizedTest
  @MethodSource("examples")
  void onlyNeuronsAndBatchNormsLearn(Example example) {
    Stage stage = example.stage();
    if (stage instanceof Convolution layer && layer.parameters().size() == 2) {
      String message =
          assertThrows(
                  IllegalStateException.class, () -> stage.learn(example.x(), 1, Reducer.IDENTITY))
              .getMessage();
      assertTrue(message.contains("conv has no Hebbian rule"), message);
    } else if (stage instanceof Convolution layer) {
      float[] before = layer.weights().toArray();
      float[] output = stage.evaluate(example.x()).toArray();
      assertArrayEquals(output, stage.learn(example.x(), 1e-2f, Reducer.IDENTITY).toArray(), 1e-3f);
      assertFalse(Arrays.equals(before, layer.weights().toArray()));
    } else if (stage instanceof Norm) {
      float[] before = stage.statistics().get("bn.running_mean").toArray();
      Trace trace = Trace.training(new Tape());
      float[] y = stage.trace(trace, trace.tape().constant(example.x())).value().toArray();
      assertArrayEquals(y, stage.learn(example.x(), 1, Reducer.IDENTITY).toArray(), 1e-6f);
      assertFalse(Arrays.equals(before, stage.statistics().get("bn.running_mean").toArray()));
    } else {
      float[] output = stage.evaluate(example.x()).toArray();
      assertArrayEquals(output, stage.learn(example.x(), 1, Reducer.IDENTITY).toArray());
      assertTrue(stage.statistics().isEmpty());
    }
  }

  /** The rate of a layer is multiplied by that of the network. */
  @Test
  void ratesMultiply() {
    float[][] moved = new float[2][];
    for (int i = 0; i < 2; i++) {
      Tensor w = odd(51, 4, 3, 3, 3);
      Convolution layer =
          new Convolution("conv", w, null, new Hpca(), i == 0 ? 1 : 0.25f, Response.RECTIFIED);
      layer.learn(odd(52, 2, 6, 5, 3), i == 0 ? 1e-3f : 4e-3f, Reducer.IDENTITY);
      moved[i] = w.toArray();
    }
    assertArrayEquals(moved[0], moved[1], 1e-6f);
    assertFalse(Arrays.equals(moved[0], odd(51, 4, 3, 3, 3).toArray()));
  }
}
