package org.fasthebb.engine;

import java.util.function.IntConsumer;
import org.fasthebb.engine.internal.cpu.CpuDevice;
import org.fasthebb.engine.internal.cuda.CudaDevice;

/**
 * Where tensors live and what computes them: the seam between the engine and a device.
 *
 * <p>Users make tensors here and compute with {@link Tensor}, {@link Contraction} and {@link Tape},
 * which check operands and then call the methods in the second half of this interface. Those trust
 * their arguments, write into a given output, and are what a new device has to provide.
 *
 * <p>A backend serves one thread at a time and uses its own threads inside.
 */
public interface Backend extends AutoCloseable {
  /** The CPU, with the number of threads of {@link #defaultThreads}. */
  static Backend cpu() {
    return cpu(defaultThreads());
  }

  /**
   * The CPU.
   *
   * @param threads at least 1; results are the same bits for any number
   */
  static Backend cpu(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + "; it must be at least 1");
    }
    return new CpuDevice(threads);
  }

  /**
   * The first NVIDIA GPU that can be used, in exact float32.
   *
   * @throws IllegalStateException in one sentence on what is missing and what helps, if there is
   *     none
   */
  static Backend cuda() {
    return cuda(false);
  }

  /**
   * The first NVIDIA GPU that can be used.
   *
   * @param tf32 whether products may round their operands to TF32, which is faster and exact to
   *     about 1e-3
   * @throws IllegalStateException in one sentence on what is missing and what helps, if there is
   *     none
   */
  static Backend cuda(boolean tf32) {
    return new CudaDevice(tf32);
  }

  /** The system property {@code fasthebb.threads}, or the number of processors. */
  static int defaultThreads() {
    return Integer.getInteger("fasthebb.threads", Runtime.getRuntime().availableProcessors());
  }

  /** One line on what computes and why, for people. */
  String describe();

  /** Threads that work on an operation. */
  int threads();

  /** Bytes that all tensors together may take. */
  long memory();

  /** Whether tensors lie in memory of a device, so that copies to and from Java arrays cost. */
  boolean isRemote();

  /** Opens a scope; see {@link Scope}. */
  Scope scope();

  /** A tensor that holds {@code values} in row-major order, copied; it lives outside any scope. */
  default Tensor of(float[] values, int... shape) {
    Tensor tensor = zeros(shape);
    tensor.write(values);
    return tensor;
  }

  /** A tensor of zeros that lives outside any scope. */
  Tensor zeros(int... shape);

  /** A tensor with unspecified content, from the open scope if there is one. */
  Tensor empty(int... shape);

  /**
   * A tensor (b, classes) with 1 at the label of each row and 0 elsewhere, from the open scope if
   * there is one.
   *
   * @throws IllegalArgumentException if a label is not in [0, classes)
   */
  default Tensor oneHot(int[] labels, int classes) {
    float[] values = new float[labels.length * classes];
    for (int b = 0; b < labels.length; b++) {
      if (labels[b] < 0 || labels[b] >= classes) {
        throw new IllegalArgumentException(
            "label " + labels[b] + " of row " + b + " is not one of " + classes + " classes");
      }
      values[b * classes + labels[b]] = 1;
    }
    Tensor rows = empty(labels.length, classes);
    rows.write(values);
    return rows;
  }

  /**
   * Prepares work to be run many times. Later runs replay what the first one gave the device, or
   * the threads, to do. Tensors that the work makes are gone after each run.
   *
   * @param work reads and writes tensors that live outside of it, and nothing else
   */
  Recording record(Runnable work);

  /** Waits until all that was asked for is computed; a device may still be at it. */
  void await();

  /** Runs independent tasks 0 .. tasks-1 on this backend's threads, for work on plain arrays. */
  void parallel(int tasks, IntConsumer body);

  @Override
  void close();

  // What a device provides. Shapes fit; an output may be an input where the text says so.

  /** Copies values in row-major order into the gapless tensor {@code to}. */
  void upload(float[] values, Tensor to);

  /** Copies the elements of {@code from}, of any layout, into {@code values} in row-major order. */
  void download(Tensor from, float[] values);

  /**
   * out_i = x_r along the first axis, for each row number r in {@code rows}; all contiguous.
   *
   * @param rows whole numbers (b), the sizes of x and out but for the first axis being equal
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
  void compete(
      Tensor y, Tensor patchNorms, Tensor neuronNorms, float scale, Tensor squares, Tensor sums);

  /**
   * The residual form of HPCA, in one pass over w: for blocks I of {@code block} neurons in order,
   * target_I = target_I + scale (Y_I^T X' - tril(Y_I^T Y_I) W_I) and then X' = X' - Y_I W_I with
   * W_I as it was. X' starts as a copy of x.
   *
   * @param y outputs (b, n)
   * @param x patches (b, s)
   * @param w weights (n, s)
   * @param block at least 1; decides how much work it is, not what comes out, and may be left to
   *     the device
   * @param target (n, s), contiguous; may be w
   */
  void deflate(Tensor y, Tensor x, Tensor w, int block, float scale, Tensor target);

  /**
   * Max-pooling of images x (b, h, w, c) with stride k and no padding; the first of equal values
   * wins.
   *
   * @param winners where in its window each maximum was, row-major, as floats; or null
   */
  void maxPool(Tensor x, int k, Tensor out, Tensor winners);

  /** dx (zero elsewhere) gets dy at each window's winner. */
  void maxPoolBackward(Tensor dy, Tensor winners, int k, Tensor dx);

  /** Mean and biased variance of each column of contiguous x (rows, n). */
  void moments(Tensor x, Tensor mean, Tensor variance);

  /** out = x scale + shift by column, contiguous (rows, n); out may be x. */
  void affine(Tensor x, Tensor scale, Tensor shift, Tensor out);

  /**
   * out = x with each element dropped with probability p, the others divided by 1-p.
   *
   * @param step a whole number (1) that decides with the seed which are dropped
   */
  void dropout(Tensor x, float p, long seed, Tensor step, Tensor out);

  /**
   * One step of stochastic gradient descent with Nesterov momentum, all contiguous: g = gradient +
   * decay w, v = momentum v + g, w = w - rate (g + momentum v).
   */
  void descend(Tensor w, Tensor gradient, Tensor velocity, float rate, float momentum, float decay);
}
