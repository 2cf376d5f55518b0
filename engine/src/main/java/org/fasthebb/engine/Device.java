package org.fasthebb.engine;

import java.util.List;
import java.util.function.IntConsumer;

/**
 * Memory, and the operations on it: what a CPU or GPU must provide. Users call {@link Backend} and
 * {@link Tensor}, which check operands; a device trusts its arguments. Shapes fit, tensors belong
 * to this device, and an output may be an input only where the method says so.
 *
 * <p>Methods with code here are compositions of other operations. That code defines what they
 * compute; a device may override them to need fewer passes over memory.
 *
 * <p>A new device is a class that implements this interface and a {@link DeviceProvider} that makes
 * it. A device serves one thread at a time and uses its own threads inside.
 */
public interface Device extends AutoCloseable {
  /** One line for people: what computes, and why it was chosen. */
  String describe();

  /**
   * A word for what the last bits of results depend on: on a CPU {@code scalar} or the width of
   * vectors in bits, because it decides on the order of sums.
   */
  String kernels();

  /** Threads that work on an operation. */
  int threads();

  /** Bytes that all tensors together may take. */
  long memory();

  /**
   * Whether tensors live in memory of the device, so that copies to and from Java arrays take time.
   */
  boolean isRemote();

  /** Opens a scope; see {@link Scope}. */
  Scope scope();

  /** Memory full of zeros for a tensor that lives outside any scope. */
  Storage zeros(Layout layout);

  /** Memory with unspecified content, from the open scope if there is one. */
  Storage empty(Layout layout);

  /** See {@link Backend#record}. */
  Recording record(Runnable work);

  /** Waits until all queued operations are complete. */
  void await();

  /** Runs independent tasks 0 .. tasks-1 on this device's threads of the host. */
  void parallel(int tasks, IntConsumer body);

  @Override
  void close();

  /** Copies values in row-major order into the gapless tensor {@code to}. */
  void upload(float[] values, Tensor to);

  /**
   * Overwrites the gapless tensor {@code to}, whose last axis counts channels: element i in
   * row-major order = table[i mod channels][bytes[i]], bytes being unsigned.
   */
  default void upload(byte[] bytes, float[][] table, Tensor to) {
    float[] values = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = table[i % table.length][bytes[i] & 0xff];
    }
    upload(values, to);
  }

  /** Copies the elements of {@code from}, of any layout, into {@code values} in row-major order. */
  void download(Tensor from, float[] values);

  /**
   * out_i = x_r along the first axis, for each row number r in {@code rows}; all contiguous.
   *
   * @param rows numbers of rows (b), of which the whole part counts, the sizes of x and out but for
   *     the first axis being equal
   */
  void indexSelect(Tensor x, Tensor rows, Tensor out);

  /** out (+)= a b, summed as {@code how} says; out is neither a nor b. */
  void contract(Contraction how, Tensor a, Tensor b, Tensor out, boolean add);

  /** out = op(x), with {@code p} as the operation's parameter; out may be x. */
  void map(Op.Unary op, Tensor x, float p, Tensor out);

  /**
   * out = a op b, both stretched to out's shape; out may be a or b where they are not stretched.
   */
  void zip(Op.Binary op, Tensor a, Tensor b, Tensor out);

  /** out = x reduced over every axis whose size is 1 in out. */
  void reduce(Op.Reduction op, Tensor x, Tensor out);

  /**
   * out = Euclidean norms of x over every axis whose size is 1 in out; 1 in place of 0, so that
   * what is divided by them stays zero.
   */
  default void norms(Tensor x, Tensor out) {
    reduce(Op.Reduction.SUM_OF_SQUARES, x, out);
    map(Op.Unary.SQRT, out, 0, out);
    map(Op.Unary.ZERO_TO_ONE, out, 0, out);
  }

  /**
   * out = sums of max(0, sign (x - t)) over every axis whose size is 1 in out.
   *
   * @param sign 1 or -1
   */
  default void sumExcess(Tensor x, float t, float sign, Tensor out) {
    try (Scope _ = scope()) {
      reduce(Op.Reduction.SUM, x.plus(-t).timesAssign(sign).reluAssign(), out);
    }
  }

  /** x_ij = 0 where j &gt; i, in the matrix x of any layout but composite. */
  void clearAboveDiagonal(Tensor x);

  /** out = softmax(scale x) over the last axis, both contiguous; out may be x. */
  void softmax(Tensor x, float scale, Tensor out);

  /**
   * Soft-WTA between its two products, in one pass over y (rows, n), which holds x w and becomes
   * the output max(0, x w / |w|). Neurons share each row as R = softmax over n of {@code scale} ((1
   * + cos) / 2)^2 with cos = x w / (|x| |w|). All contiguous.
   *
   * @param patchNorms |x| (rows, 1), over 0
   * @param neuronNorms |w| (1, n), over 0
   * @param squares receives R^2 (rows, n)
   * @param sums (2, n), to which the sums over rows of R and of R^2 are added
   */
  default void compete(
      Tensor y, Tensor patchNorms, Tensor neuronNorms, float scale, Tensor squares, Tensor sums) {
    try (Scope _ = scope()) {
      Tensor outputs = y.div(neuronNorms);
      Tensor cosines = outputs.div(patchNorms);
      Tensor shares = cosines.plus(1).timesAssign(0.5f).square().softmax(scale);
      squares.assign(shares.square());
      sums.slice(0, 0, 1).addAssign(shares.sum(0));
      sums.slice(0, 1, 2).addAssign(squares.sum(0));
      y.assign(outputs.relu());
    }
  }

  /**
   * The step of neurons that learn for themselves: target = target + eta (a / q - p / q w), row by
   * row.
   *
   * @param a what each neuron was drawn to (n, s), w its weights
   * @param sums q and p (2, n); a q of 0 counts as 1
   * @param target (n, s); may be w
   */
  default void addDelta(Tensor a, Tensor w, Tensor sums, float eta, Tensor target) {
    try (Scope _ = scope()) {
      int n = w.size(0);
      Tensor q = sums.slice(0, 0, 1).zeroToOne().reshape(n, 1);
      Tensor p = sums.slice(0, 1, 2).reshape(n, 1);
      target.addProduct(w, p.div(q).timesAssign(-eta));
      target.addProduct(a, q.backend().empty(1, 1).fill(eta).div(q));
    }
  }

  /**
   * The residual form of HPCA, in one pass over w: for blocks I of {@code block} neurons in order,
   * target_I = target_I + scale (Y_I^T X' - tril(Y_I^T Y_I) W_I) and then X' = X' - Y_I W_I with
   * W_I as it was. X' starts as a copy of x.
   *
   * @param y outputs (b, n)
   * @param x patches (b, s)
   * @param w weights (n, s)
   * @param block at least 1; affects the work but not the result, and a device may ignore it
   * @param target (n, s), contiguous; may be w
   */
  default void deflate(Tensor y, Tensor x, Tensor w, int block, float scale, Tensor target) {
    try (Scope _ = scope()) {
      Tensor residual = x.copy();
      Tensor before = w.copy();
      for (int from = 0; from < w.size(0); from += block) {
        int to = Math.min(w.size(0), from + block);
        Tensor outputs = y.slice(1, from, to);
        Tensor weights = before.slice(0, from, to);
        Tensor gram = Contraction.contract("bn,bm->nm", outputs, outputs).lowerTriangleAssign();
        Tensor change = Contraction.contract("bn,bs->ns", outputs, residual);
        change = change.minus(Contraction.contract("nm,ms->ns", gram, weights));
        target.slice(0, from, to).addAssign(change.timesAssign(scale));
        residual = residual.minus(Contraction.contract("bn,ns->bs", outputs, weights));
      }
    }
  }

  /**
   * Max-pooling of images x (b, h, w, c) with stride k and no padding; the first of equal values
   * wins.
   *
   * @param winners where in its window each maximum was, row-major, as floats; or null
   */
  void maxPool(Tensor x, int k, Tensor out, Tensor winners);

  /** dx (zero elsewhere) gets dy at each window's winner. */
  void maxPoolBackward(Tensor dy, Tensor winners, int k, Tensor dx);

  /**
   * x = the sum, pixel by pixel, of the values that patches have there: the adjoint of {@link
   * Tensor#patches}.
   *
   * @param patches (B, kh kw c), contiguous
   * @param x images (b, h, w, c) with B = b (h-kh+1) (w-kw+1), contiguous
   */
  default void fold(Tensor patches, int kh, int kw, Tensor x) {
    int ho = x.size(1) - kh + 1;
    int wo = x.size(2) - kw + 1;
    int c = x.size(3);
    Tensor values = patches.reshape(x.size(0), ho, wo, kh * kw * c);
    x.fill(0);
    for (int i = 0; i < kh; i++) {
      for (int j = 0; j < kw; j++) {
        int at = (i * kw + j) * c;
        x.slice(1, i, i + ho).slice(2, j, j + wo).addAssign(values.slice(3, at, at + c));
      }
    }
  }

  /** Mean and biased variance of each column of contiguous x (rows, n). */
  void moments(Tensor x, Tensor mean, Tensor variance);

  /**
   * What batch norm in training makes of a batch's mean and variance (n): moves the running
   * statistics of {@code norm}, and fills the other tensors (n).
   *
   * @param unbiased turns the variance into the unbiased one
   * @param inverse 1 / sqrt(variance + eps)
   * @param factor of the modified form, or 1
   * @param scale of the affine map that normalises the batch, and {@code shift} likewise
   */
  default void batchNorm(
      BatchNorm norm,
      Tensor mean,
      Tensor variance,
      float unbiased,
      Tensor inverse,
      Tensor factor,
      Tensor scale,
      Tensor shift) {
    try (Scope _ = scope()) {
      norm.moveRunning(mean, variance.times(BatchNorm.MOMENTUM * unbiased));
      norm.coefficients(mean, variance, inverse, factor, scale, shift);
    }
  }

  /**
   * The adjoint of batch norm in training, all of rows (rows, n) and contiguous: sums of dy and of
   * dy x^, with x^ = (x - mean) inverse, and dx = scale (dy - mean(dy) - x^ mean(dy x^)).
   *
   * @param mean of the batch (n); inverse and scale as from {@link #batchNorm}
   * @param sums receives the two sums (2, n)
   * @param dx receives the gradient at x; null if nobody needs it
   */
  default void batchNormBackward(
      Tensor x, Tensor dy, Tensor mean, Tensor inverse, Tensor scale, Tensor sums, Tensor dx) {
    try (Scope _ = scope()) {
      int n = mean.size();
      Tensor normalized = BatchNorm.affine(x, inverse, mean.times(inverse).timesAssign(-1));
      Tensor sum = sums.slice(0, 0, 1).assign(dy.sum(0)).reshape(n);
      Tensor ofProducts = sums.slice(0, 1, 2).assign(dy.times(normalized).sum(0)).reshape(n);
      if (dx != null) {
        Tensor perRow = scale.times(-1f / x.size(0));
        affine(dy, scale, sum.times(perRow), dx);
        dx.addProduct(normalized, ofProducts.times(perRow));
      }
    }
  }

  /** out = x scale + shift by column, contiguous (rows, n); out may be x. */
  void affine(Tensor x, Tensor scale, Tensor shift, Tensor out);

  /**
   * out = x with each element dropped with probability p, the others divided by 1-p.
   *
   * @param step a whole number (1) that decides with the seed which are dropped
   */
  void dropout(Tensor x, float p, long seed, Tensor step, Tensor out);

  /**
   * out = numbers of [0, 1), multiples of 2^-24, that are a function of seed, step and position,
   * the same ones on every device; contiguous.
   *
   * @param step a whole number (1)
   */
  void uniform(long seed, Tensor step, Tensor out);

  /**
   * One step of stochastic gradient descent with Nesterov momentum, all contiguous: g = gradient +
   * decay w, v = momentum v + g, w = w - rate (g + momentum v).
   *
   * @param ws parameters, no two of which share elements
   * @param gradients of each parameter
   * @param velocities of each parameter
   */
  default void descend(
      List<Tensor> ws,
      List<Tensor> gradients,
      List<Tensor> velocities,
      float rate,
      float momentum,
      float decay) {
    for (int i = 0; i < ws.size(); i++) {
      try (Scope _ = scope()) {
        Tensor g = gradients.get(i).plus(ws.get(i).times(decay));
        Tensor v = velocities.get(i).timesAssign(momentum).addAssign(g);
        ws.get(i).addAssign(g.plus(v.times(momentum)).timesAssign(-rate));
      }
    }
  }
}
