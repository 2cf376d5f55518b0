package org.fasthebb.engine;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.fasthebb.testing.Devices;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Base of the tests that every backend must pass. They compare each operation with its definition
 * in float64, at sizes around those of vectors, warps and tiles, on views of all kinds.
 */
abstract class Conformance {
  /** A test that runs on each backend, and closes none. */
  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("backends")
  @interface OnEveryBackend {}

  private static List<Backend> backends = List.of();

  @BeforeAll
  static void open() {
    backends = Devices.all();
  }

  @AfterAll
  static void close() {
    backends.forEach(Backend::close);
  }

  /** The backends under test. */
  static List<Backend> backends() {
    return backends;
  }

  /** How a tensor is stored. */
  enum View {
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

  /** Uniform in [-1, 1), on the CPU. */
  static Tensor random(long seed, int... shape) {
    return Tensors.random(seed, shape);
  }

  /** The elements of x reduced over some axes, in the order of the result. */
  static double[] reduced(Tensor x, int[] axes, double start, DoubleBinaryOperator op) {
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
}
