package org.fasthebb.engine.internal.cuda.strided;

import java.util.Arrays;
import java.util.List;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.cuda.kernels.Codes;
import org.fasthebb.engine.internal.cuda.kernels.Launch;
import org.fasthebb.engine.internal.strided.Loops;

/** Element-wise operations and copies between layouts. */
public final class CudaElementwise {
  /** Blocks of threads that keep a large device busy with one tensor. */
  private static final int MOST_BLOCKS = 1024;

  private final Launch launch;

  public CudaElementwise(Launch launch) {
    this.launch = launch;
  }

  /** out = op(x). */
  public void map(Op.Unary op, Tensor x, float p, Tensor out) {
    int n = out.size();
    if (n == 0) {
      return;
    }
    Loops loops = Loops.of(x.layout(), out.layout());
    if (loops.isFlat()) {
      launch.kernel("map_flat").value(Codes.of(op)).at(x).value(p).at(out).value(n);
      launch.over(Math.ceilDiv(n, 4));
    } else if (op == Op.Unary.COPY && out.layout().isContiguous()) {
      gather(x, Loops.of(x.layout()), out);
    } else {
      launch.kernel("map_strided").value(Codes.of(op)).walk(loops, 0, 1);
      launch.at(x).value(p).at(out).value(n).over(n);
    }
  }

  /** See {@link org.fasthebb.engine.Device#descend}: as many tensors at once as a launch takes. */
  public void descend(
      List<Tensor> ws,
      List<Tensor> gradients,
      List<Tensor> velocities,
      float rate,
      float momentum,
      float decay) {
    for (int from = 0; from < ws.size(); from += Launch.MOST_TENSORS) {
      int to = Math.min(ws.size(), from + Launch.MOST_TENSORS);
      int[] sizes = ws.subList(from, to).stream().mapToInt(Tensor::size).toArray();
      int longest = Arrays.stream(sizes).max().orElse(0);
      launch.kernel("descend").at(ws.subList(from, to));
      launch.at(gradients.subList(from, to)).at(velocities.subList(from, to));
      launch.values(sizes).value(rate).value(momentum).value(decay);
      int blocks = Math.min(MOST_BLOCKS, Math.ceilDiv(longest, 256));
      launch.grid(blocks, to - from, 1, 256, 1);
    }
  }

  /** out = a op b. */
  public void zip(Op.Binary op, Tensor a, Tensor b, Tensor out) {
    int n = out.size();
    if (n == 0) {
      return;
    }
    Loops loops = Loops.of(a.layout(), b.layout(), out.layout());
    if (loops.isFlat()) {
      launch.kernel("zip_flat").value(Codes.of(op)).at(a).at(b).at(out).value(n);
      launch.over(Math.ceilDiv(n, 4));
    } else {
      launch.kernel("zip_strided").value(Codes.of(op)).walk(loops, 0, 1, 2);
      launch.at(a).at(b).at(out).value(n).over(n);
    }
  }

  /** Writes elements of x, in the order of {@code loops}, to the contiguous out. */
  public void gather(Tensor x, Loops loops, Tensor out) {
    int n = out.size();
    Loops fours = loops.inFours();
    boolean aligned = (x.layout().offset() | out.layout().offset()) % 4 == 0;
    if (fours != null && aligned) {
      launch.kernel("gather_fours").walk(fours, 0).at(x).at(out).value(n / 4).over(n / 4);
    } else {
      launch.kernel("gather").walk(loops, 0).at(x).at(out).value(n).over(n);
    }
  }

  /** Writes or adds the contiguous x to elements of out, in the order of {@code loops}. */
  public void scatter(Tensor x, Loops loops, Tensor out, boolean add) {
    int n = x.size();
    launch.kernel("scatter").walk(loops, 0).at(x).at(out).value(n).value(add).over(n);
  }
}
