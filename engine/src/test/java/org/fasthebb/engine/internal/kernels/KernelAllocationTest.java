package org.fasthebb.engine.internal.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.fasthebb.engine.Op;
import org.fasthebb.testing.Allocations;
import org.junit.jupiter.api.Test;

/**
 * No kernel allocates once it is compiled. A kernel that allocates has its vectors on the heap and
 * is many times slower, which no other test would notice.
 */
class KernelAllocationTest {
  private static final int N = 1000;

  /** Calls of all kernels in turn, as in a training step, until all are compiled. */
  private static final int WARM_UP = 30_000;

  private static final int CALLS = 200;

  private record Call(String name, Runnable run) {}

  private final Kernels kernels = KernelChoice.kernels();
  private final float[] x = new float[4 * N];
  private final float[] y = new float[4 * N];
  private final float[] z = new float[4 * N];

  private List<Call> calls() {
    List<Call> calls = new ArrayList<>();
    for (Op.Unary op : Op.Unary.values()) {
      calls.add(new Call(op.name(), () -> kernels.map(op, x, 0, 1.5f, y, 0, N)));
    }
    for (Op.Binary op : Op.Binary.values()) {
      calls.add(new Call(op.name(), () -> kernels.zip(op, x, 0, y, 0, z, 0, N)));
    }
    Kernels.Descent how = new Kernels.Descent(0.1f, 0.9f, 0.1f);
    int[] offsets = new int[kernels.mr() + 1];
    int nr = kernels.nr();
    float[] weights = {1, 2, 3, 4};
    calls.add(new Call("affine", () -> kernels.affine(x, 0, y, 0, z, 0, z, 0, N)));
    int[] four = {0, 1, 2, 2};
    calls.add(new Call("combine", () -> kernels.combine(x, 0, nr, four, weights, nr, y, 0)));
    calls.add(new Call("input", () -> kernels.transformInput(x, 0, nr, nr, y, 0, 2 * nr, nr)));
    calls.add(new Call("errors", () -> kernels.transformErrors(x, 0, nr, nr, y, 0, 4 * nr, nr)));
    calls.add(new Call("products", () -> kernels.transformProducts(x, 0, nr, nr, 0, y, 0, nr)));
    calls.add(new Call("addDeviations", () -> kernels.addDeviations(x, 0, y, 0, z, 0, N)));
    calls.add(new Call("larger", () -> kernels.larger(x, 0, 1, y, 0, z, 0, N)));
    calls.add(new Call("descend", () -> kernels.descend(x, 0, y, 0, z, 0, how, N)));
    calls.add(new Call("similarity", () -> kernels.similarity(x, 0, y, 0, 0.5f, z, 0, N)));
    calls.add(new Call("numerators", () -> kernels.numerators(x, 0, y, 0, 0.5f, 50, z, 0, N)));
    calls.add(new Call("squares", () -> kernels.squares(x, 0, 0.5f, y, z, 0, N)));
    calls.add(new Call("exp", () -> kernels.exp(x, 0, 1, 0, y, 0, N)));
    calls.add(new Call("sum", () -> kernels.sum(x, 0, N)));
    calls.add(new Call("dot", () -> kernels.dot(x, 0, y, 0, N)));
    calls.add(new Call("max", () -> kernels.max(x, 0, N)));
    int[] columns = IntStream.range(0, nr).toArray();
    Pieces pieces = new Pieces().cut(columns, 0, nr, nr, 4, nr / 2);
    calls.add(new Call("packRows", () -> kernels.packRows(x, 0, offsets, 4, pieces, nr, y, 0)));
    calls.add(new Call("copyRows", () -> kernels.copyRows(x, 0, offsets, 4, 13, y, 0, 13)));
    calls.add(new Call("tile", () -> kernels.tile(9, x, 0, 7, y, 0, 9, z, 0, nr)));
    int mr = kernels.mr();
    calls.add(new Call("tile, packed", () -> kernels.tile(9, x, 0, mr, y, 0, nr, z, 0, nr)));
    calls.add(
        new Call(
            "tileInPlace",
            () -> kernels.tileInPlace(2, 4, x, 0, offsets, 0, offsets, 0, y, 0, z, 0, nr)));
    return calls;
  }

  @Test
  void compiledKernelsAllocateNothing() throws ReflectiveOperationException {
    List<Call> calls = calls();
    for (int i = 0; i < WARM_UP; i++) {
      for (Call call : calls) {
        call.run().run();
      }
    }
    for (Call call : calls) {
      Allocations.assertSettlesBelow(64, CALLS, call.name(), call.run());
    }
  }
}
