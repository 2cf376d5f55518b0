package org.fasthebb.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Tensors from a fixed seed, references in float64, and assertions that name shapes first. */
public final class Tensors {
  /** Two threads, so that parallel paths run everywhere. */
  public static final Backend CPU = Backend.cpu(2);

  /** Runs everything in the calling thread. */
  public static final Backend ONE = Backend.cpu(1);

  private Tensors() {}

  /** Uniform in [-1, 1). */
  public static Tensor random(long seed, int... shape) {
    return fill(new Random(seed), r -> r.nextFloat() * 2 - 1, shape);
  }

  /** Integers in [-4, 4]: sums of their products are exact in float32 up to a length of 2^20. */
  public static Tensor integers(long seed, int... shape) {
    return fill(new Random(seed), r -> r.nextInt(9) - 4, shape);
  }

  /** 0, 1, 2, .. in row-major order. */
  public static Tensor counting(int... shape) {
    float[] values = new float[count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return CPU.of(values, shape);
  }

  /** Values that differ by 0.1 at least from each other and by 0.05 from 0, in random order. */
  public static Tensor apart(long seed, int... shape) {
    float[] values = new float[count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.1f * (i - values.length / 2) + 0.05f;
    }
    Random random = new Random(seed);
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      float swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
    return CPU.of(values, shape);
  }

  private interface Draw {
    float from(Random random);
  }

  private static Tensor fill(Random random, Draw draw, int... shape) {
    float[] values = new float[count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = draw.from(random);
    }
    return CPU.of(values, shape);
  }

  /** Number of elements of a shape. */
  public static int count(int... shape) {
    return Arrays.stream(shape).reduce(1, (x, y) -> x * y);
  }

  /** The same elements as a view with gaps in every axis, inside of a larger tensor. */
  public static Tensor withGaps(Tensor x) {
    int[] larger = Arrays.stream(x.shape()).map(size -> size + 3).toArray();
    Tensor view = CPU.zeros(larger).fill(Float.NaN);
    for (int i = 0; i < x.rank(); i++) {
      view = view.slice(i, 1 + i % 2, 1 + i % 2 + x.size(i));
    }
    return view.assign(x);
  }

  /** The same elements with the axes stored in the reverse order. */
  public static Tensor transposed(Tensor x) {
    int[] reversed = new int[x.rank()];
    int[] shape = new int[x.rank()];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = x.rank() - 1 - i;
      shape[i] = x.size(reversed[i]);
    }
    return CPU.zeros(shape).permute(reversed).assign(x);
  }

  /** f of every element. */
  public static double[] map(Tensor x, DoubleUnaryOperator f) {
    float[] values = x.toArray();
    double[] mapped = new double[values.length];
    for (int i = 0; i < mapped.length; i++) {
      mapped[i] = f.applyAsDouble(values[i]);
    }
    return mapped;
  }

  /** The elements. */
  public static double[] doubles(Tensor x) {
    return map(x, value -> value);
  }

  /** Index in a row-major tensor of {@code shape}, stretched over {@code index}. */
  public static int stretched(int[] index, int[] shape) {
    int at = 0;
    for (int i = 0; i < shape.length; i++) {
      int digit = index[index.length - shape.length + i];
      at = at * shape[i] + (shape[i] == 1 ? 0 : digit);
    }
    return at;
  }

  /** Calls {@code visitor} for every index of a shape, in row-major order. */
  public static void forEachIndex(int[] shape, java.util.function.Consumer<int[]> visitor) {
    int[] index = new int[shape.length];
    for (int n = count(shape); n > 0; n--) {
      visitor.accept(index);
      for (int i = shape.length - 1; i >= 0 && ++index[i] == shape[i]; i--) {
        index[i] = 0;
      }
    }
  }

  /** f of the elements of a and b, both stretched to {@code shape}. */
  public static double[] zip(Tensor a, Tensor b, int[] shape, DoubleBinaryOperator f) {
    float[] x = a.toArray();
    float[] y = b.toArray();
    double[] out = new double[count(shape)];
    int[] at = {0};
    forEachIndex(
        shape,
        index ->
            out[at[0]++] =
                f.applyAsDouble(x[stretched(index, a.shape())], y[stretched(index, b.shape())]));
    return out;
  }

  /** Fails unless |expected - actual| is at most atol + rtol |expected| everywhere. */
  public static void assertClose(double[] expected, Tensor actual, double atol, double rtol) {
    assertClose("", expected, actual, atol, rtol);
  }

  /** As above, for both tensors' shapes too. */
  public static void assertClose(Tensor expected, Tensor actual, double atol, double rtol) {
    assertArrayEquals(expected.shape(), actual.shape(), "shape");
    assertClose("", doubles(expected), actual, atol, rtol);
  }

  /** As above, with a name for the message. */
  public static void assertClose(
      String name, double[] expected, Tensor actual, double atol, double rtol) {
    String what = name + " " + actual.layout();
    float[] values = actual.toArray();
    if (expected.length != values.length) {
      fail(what + " has " + values.length + " elements, not " + expected.length);
    }
    for (int i = 0; i < values.length; i++) {
      double difference = Math.abs(expected[i] - values[i]);
      boolean close = difference <= atol + rtol * Math.abs(expected[i]);
      boolean same = Double.compare(expected[i], values[i]) == 0; // infinities and NaN
      if (Double.isFinite(expected[i]) ? !close : !same) {
        fail(what + " at " + i + ": expected " + expected[i] + " but was " + values[i]);
      }
    }
  }

  /** Fails unless every element is {@code expected} rounded to float. */
  public static void assertExact(String name, double[] expected, Tensor actual) {
    float[] rounded = new float[expected.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) expected[i] + 0f; // no negative zero
    }
    float[] values = actual.toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] += 0f;
    }
    assertArrayEquals(rounded, values, () -> name + " " + actual.layout());
  }
}
