package org.fasthebb.hebb;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;

/** Tensors from a fixed seed, and an assertion that names shapes first. */
final class Tensors {
  /** Two threads, so that parallel paths run everywhere. */
  static final Backend CPU = Backend.cpu(2);

  private Tensors() {}

  /** Normally distributed. */
  static Tensor random(Backend backend, long seed, int... shape) {
    Random random = new Random(seed);
    float[] values = new float[Arrays.stream(shape).reduce(1, (x, y) -> x * y)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return backend.of(values, shape);
  }

  static Tensor random(long seed, int... shape) {
    return random(CPU, seed, shape);
  }

  /** Weights (N, S) whose rows have norms between 0.5 and 1.5, as those of layers do. */
  static Tensor weights(Backend backend, long seed, int n, int s) {
    Tensor w = random(backend, seed, n, s);
    Tensor norm = w.sumOfSquares(1).sqrt();
    Random random = new Random(seed);
    float[] wanted = new float[n];
    for (int i = 0; i < n; i++) {
      wanted[i] = 0.5f + random.nextFloat();
    }
    return w.div(norm).times(backend.of(wanted, n, 1));
  }

  static Tensor weights(long seed, int n, int s) {
    return weights(CPU, seed, n, s);
  }

  /** Rows of a rank-2 tensor. */
  static double[][] rows(Tensor x) {
    double[][] rows = new double[x.size(0)][x.size(1)];
    float[] values = x.toArray();
    for (int i = 0; i < values.length; i++) {
      rows[i / x.size(1)][i % x.size(1)] = values[i];
    }
    return rows;
  }

  static void assertClose(String name, Tensor expected, Tensor actual, double tolerance) {
    assertClose(name, rows(expected), actual, tolerance);
  }

  /** Fails unless |expected - actual| is at most tolerance times the largest |expected|, or 1. */
  static void assertClose(String name, double[][] expected, Tensor actual, double tolerance) {
    String what = name + " " + actual.layout();
    double[][] values = rows(actual);
    double largest = 1;
    for (double[] row : expected) {
      for (double value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    if (expected.length != values.length) {
      fail(what + " has not " + expected.length + " rows");
    }
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values[i].length; j++) {
        double difference = Math.abs(expected[i][j] - values[i][j]);
        if (!(difference <= tolerance * largest)) {
          fail(
              what
                  + (" at " + i + ", " + j)
                  + (": expected " + expected[i][j] + " but was " + values[i][j]));
        }
      }
    }
  }
}
