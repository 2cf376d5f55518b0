package org.fasthebb.tools.verify;

import java.util.function.IntConsumer;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Contraction;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Recording;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * Another backend, but the products that a forward pass consists of are summed in double and
 * rounded once. Slow; errors of a layer's output are several times smaller. A backward pass is
 * computed as ever.
 *
 * <p>Backprop through ReLU is not continuous: where an input of ReLU is 0 up to rounding, rounding
 * decides whether a gradient flows. A batch has millions of such inputs, and one that goes wrong
 * moves all that follows far more than rounding itself does. With these sums, they go right far
 * more often.
 */
final class ExactSums implements Backend {
  private static final Contraction FORWARD = Contraction.of("bs,ns->bn");

  /** Rows computed at once, so that each weight that is read serves them all. */
  private static final int ROWS = 8;

  private final Backend backend;

  /** Wraps a backend, which stays open after this has closed. */
  ExactSums(Backend backend) {
    this.backend = backend;
  }

  @Override
  public void contract(Contraction how, Tensor a, Tensor b, Tensor out, boolean add) {
    if (how != FORWARD || add || !out.layout().isContiguous()) {
      backend.contract(how, a, b, out, add);
      return;
    }
    float[] x = a.toArray();
    float[] w = b.permute(1, 0).toArray(); // (s, n): the innermost loop is along n
    int s = a.size(1);
    int n = b.size(0);
    int rows = a.size(0);
    float[] y = new float[rows * n];
    backend.parallel(
        (rows + ROWS - 1) / ROWS,
        block -> {
          int first = block * ROWS;
          double[][] sums = new double[Math.min(ROWS, rows - first)][n];
          for (int i = 0; i < s; i++) {
            for (int row = 0; row < sums.length; row++) {
              addScaled(x[(first + row) * s + i], w, i * n, sums[row]);
            }
          }
          for (int row = 0; row < sums.length; row++) {
            for (int j = 0; j < n; j++) {
              y[(first + row) * n + j] = (float) sums[row][j];
            }
          }
        });
    out.write(y);
  }

  private static void addScaled(double x, float[] w, int from, double[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += x * w[from + j];
    }
  }

  private Tensor mine(Tensor tensor) {
    return new Tensor(this, tensor.storage(), tensor.layout());
  }

  @Override
  public Tensor zeros(int... shape) {
    return mine(backend.zeros(shape));
  }

  @Override
  public Tensor empty(int... shape) {
    return mine(backend.empty(shape));
  }

  @Override
  public String describe() {
    return backend.describe() + ", sums in double";
  }

  @Override
  public int threads() {
    return backend.threads();
  }

  @Override
  public long memory() {
    return backend.memory();
  }

  @Override
  public boolean isRemote() {
    return backend.isRemote();
  }

  @Override
  public Scope scope() {
    return backend.scope();
  }

  @Override
  public void await() {
    backend.await();
  }

  @Override
  public void parallel(int tasks, IntConsumer body) {
    backend.parallel(tasks, body);
  }

  @Override
  public void close() {}

  @Override
  public Recording record(Runnable work) {
    return new Recording() { // which has to come by here each time
      @Override
      public void run() {
        try (Scope _ = scope()) {
          work.run();
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void upload(float[] values, Tensor to) {
    backend.upload(values, to);
  }

  @Override
  public void download(Tensor from, float[] values) {
    backend.download(from, values);
  }

  @Override
  public void indexSelect(Tensor x, Tensor rows, Tensor out) {
    backend.indexSelect(x, rows, out);
  }

  @Override
  public void map(Op.Unary op, Tensor x, float p, Tensor out) {
    backend.map(op, x, p, out);
  }

  @Override
  public void zip(Op.Binary op, Tensor a, Tensor b, Tensor out) {
    backend.zip(op, a, b, out);
  }

  @Override
  public void reduce(Op.Reduction op, Tensor x, Tensor out) {
    backend.reduce(op, x, out);
  }

  @Override
  public void clearAboveDiagonal(Tensor x) {
    backend.clearAboveDiagonal(x);
  }

  @Override
  public void softmax(Tensor x, float scale, Tensor out) {
    backend.softmax(x, scale, out);
  }

  @Override
  public void compete(
      Tensor y, Tensor patchNorms, Tensor neuronNorms, float scale, Tensor squares, Tensor sums) {
    backend.compete(y, patchNorms, neuronNorms, scale, squares, sums);
  }

  @Override
  public void deflate(Tensor y, Tensor x, Tensor w, int block, float scale, Tensor target) {
    backend.deflate(y, x, w, block, scale, target);
  }

  @Override
  public void maxPool(Tensor x, int k, Tensor out, Tensor winners) {
    backend.maxPool(x, k, out, winners);
  }

  @Override
  public void maxPoolBackward(Tensor dy, Tensor winners, int k, Tensor dx) {
    backend.maxPoolBackward(dy, winners, k, dx);
  }

  @Override
  public void moments(Tensor x, Tensor mean, Tensor variance) {
    backend.moments(x, mean, variance);
  }

  @Override
  public void affine(Tensor x, Tensor scale, Tensor shift, Tensor out) {
    backend.affine(x, scale, shift, out);
  }

  @Override
  public void dropout(Tensor x, float p, long seed, Tensor step, Tensor out) {
    backend.dropout(x, p, seed, step, out);
  }

  @Override
  public void descend(
      Tensor w, Tensor gradient, Tensor velocity, float rate, float momentum, float decay) {
    backend.descend(w, gradient, velocity, rate, momentum, decay);
  }
}
