package org.fasthebb.engine.internal.cuda.strided;

import org.fasthebb.engine.Op;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.cuda.kernels.Codes;
import org.fasthebb.engine.internal.cuda.kernels.Launch;
import org.fasthebb.engine.internal.strided.Loops;

/** Element-wise operations and copies between layouts. */
public final class CudaElementwise {
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
