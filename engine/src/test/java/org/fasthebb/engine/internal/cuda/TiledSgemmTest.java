package org.fasthebb.engine.internal.cuda;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.DeviceProvider;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Tensors;
import org.fasthebb.engine.internal.cuda.runtime.DriverProbe;
import org.fasthebb.engine.internal.cuda.runtime.FakeMachine;
import org.fasthebb.engine.internal.cuda.runtime.Surroundings;
import org.fasthebb.testing.Devices;
import org.junit.jupiter.api.Test;

/** Products without cuBLAS, against those of the CPU on integers, which are exact in any order. */
class TiledSgemmTest {
  private static Tensor integers(Backend backend, long seed, int... shape) {
    return backend.of(Tensors.integers(seed, shape).toArray(), shape);
  }

  @Test
  void agreesWithTheCpu() {
    assumeTrue(Devices.whyNoGpu() == null, Devices.whyNoGpu());
    Surroundings none =
        new FakeMachine(Path.of("/")).property("fasthebb.cublas", "none").surroundings();
    try (Backend gpu =
        new Backend(new CudaDevice(1, false, DeviceProvider.FIRST, DriverProbe.driver(), none))) {
      assertTrue(
          gpu.describe()
              .endsWith(
                  "own matrix products, slower than cuBLAS (-Dfasthebb.cublas=none asks to do"
                      + " without libcublas)"),
          gpu.describe());
      int[][] sizes = {
        {1, 1, 1}, {5, 7, 3}, {64, 64, 16}, {65, 63, 17}, {130, 70, 33}, {3, 5, 2000}
      };
      for (int[] size : sizes) {
        int m = size[0];
        int n = size[1];
        int k = size[2];
        check(gpu, "mk,kn->mn", new int[] {m, k}, new int[] {k, n}, m, n);
        check(gpu, "mk,nk->mn", new int[] {m, k}, new int[] {n, k}, m, n);
        check(gpu, "km,kn->mn", new int[] {k, m}, new int[] {k, n}, m, n);
        check(gpu, "km,nk->mn", new int[] {k, m}, new int[] {n, k}, m, n);
      }
      check(gpu, "bmk,bkn->bmn", new int[] {3, 65, 7}, new int[] {3, 7, 9}, 3, 65, 9);
      check(gpu, "bmk,bkn->bmn", new int[] {3, 5, 700}, new int[] {1, 700, 9}, 3, 5, 9);
    }
  }

  private static void check(Backend gpu, String spec, int[] a, int[] b, int... c) {
    Tensor expected = contract(spec, integers(Tensors.CPU, 1, a), integers(Tensors.CPU, 2, b));
    Tensor x = integers(gpu, 1, a);
    Tensor y = integers(gpu, 2, b);
    assertArrayEquals(expected.toArray(), contract(spec, x, y).toArray(), spec);
    Tensor sum = integers(gpu, 3, c);
    expected.addAssign(integers(Tensors.CPU, 3, c));
    assertArrayEquals(expected.toArray(), contractAdd(sum, spec, x, y).toArray(), spec + " add");
  }
}
