package org.fasthebb.engine;

import java.util.Arrays;
import java.util.ServiceLoader;
import java.util.function.IntConsumer;

/**
 * Holds tensors, on a CPU or a GPU. Users make tensors here and compute with {@link Tensor}, {@link
 * Contraction} and {@link Tape}, which check operands and then call this backend's {@link Device}.
 *
 * <p>A backend serves one thread at a time and uses its own threads inside.
 */
public final class Backend implements AutoCloseable {
  private final Device device;

  /** A backend on a device; closing the backend closes the device. */
  public Backend(Device device) {
    this.device = device;
  }

  /** The CPU, with the number of threads of {@link #defaultThreads}. */
  public static Backend cpu() {
    return cpu(defaultThreads());
  }

  /**
   * The CPU.
   *
   * @param threads at least 1; results are the same bits for any number
   */
  public static Backend cpu(int threads) {
    return new Backend(provider("cpu").open(threads, false, DeviceProvider.FIRST));
  }

  /**
   * The first NVIDIA GPU that can be used, in exact float32.
   *
   * @throws IllegalStateException in one sentence on what is missing and what helps, if there is
   *     none
   */
  public static Backend cuda() {
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
  public static Backend cuda(boolean tf32) {
    return cuda(DeviceProvider.FIRST, tf32);
  }

  /**
   * An NVIDIA GPU.
   *
   * @param number of the GPU, from 0 in the driver's order, or {@link DeviceProvider#FIRST}
   * @param tf32 whether products may round their operands to TF32
   * @throws IllegalStateException in one sentence on what is missing and what helps, if it cannot
   *     be used
   */
  public static Backend cuda(int number, boolean tf32) {
    return new Backend(provider("cuda").open(defaultThreads(), tf32, number));
  }

  /** The system property {@code fasthebb.threads}, or the number of processors. */
  public static int defaultThreads() {
    return Integer.getInteger("fasthebb.threads", Runtime.getRuntime().availableProcessors());
  }

  static DeviceProvider provider(String kind) {
    ClassLoader loader = Backend.class.getClassLoader();
    for (DeviceProvider provider : ServiceLoader.load(DeviceProvider.class, loader)) {
      if (provider.kind().equals(kind)) {
        return provider;
      }
    }
    throw new IllegalStateException(
        "the engine's jar has lost META-INF/services/"
            + DeviceProvider.class.getName()
            + ", which names the devices; merge the service files when jars are joined");
  }

  /** The device that computes, for code that checks its operands itself. */
  public Device device() {
    return device;
  }

  /** One line for people: what computes, and why it was chosen. */
  public String describe() {
    return device.describe();
  }

  /**
   * A word for what the last bits of results depend on: {@code scalar}, {@code 128}, {@code 256} or
   * {@code 512} for a CPU by the width of its vectors, {@code cuda} or {@code cuda-tf32}. The same
   * word gives the same bits for any number of threads.
   */
  public String kernels() {
    return device.kernels();
  }

  /** Threads that work on an operation. */
  public int threads() {
    return device.threads();
  }

  /** Bytes that all tensors together may take. */
  public long memory() {
    return device.memory();
  }

  /** Whether tensors live in GPU memory, so that copies to and from Java arrays take time. */
  public boolean isRemote() {
    return device.isRemote();
  }

  /** Opens a scope; see {@link Scope}. */
  public Scope scope() {
    return device.scope();
  }

  /** A tensor that holds {@code values} in row-major order, copied; it lives outside any scope. */
  public Tensor of(float[] values, int... shape) {
    Tensor tensor = zeros(shape);
    tensor.write(values);
    return tensor;
  }

  /** A tensor of zeros that lives outside any scope. */
  public Tensor zeros(int... shape) {
    Layout layout = Layout.contiguous(shape);
    return new Tensor(this, device.zeros(layout), layout);
  }

  /**
   * A tensor of random numbers, uniform in [-1, 1), that lives outside any scope: weights to start
   * from, after {@link Tensor#times} a bound of their size.
   *
   * @param seed the same seed gives the same numbers on every device
   */
  public Tensor random(long seed, int... shape) {
    return zeros(shape).uniformAssign(seed, zeros(1)).timesAssign(2).addAssign(zeros(1).fill(-1));
  }

  /** A tensor with unspecified content, from the open scope if there is one. */
  public Tensor empty(int... shape) {
    Layout layout = Layout.contiguous(shape);
    return new Tensor(this, device.empty(layout), layout);
  }

  /**
   * A tensor (b, classes) with 1 at the label of each row and 0 elsewhere, from the open scope if
   * there is one.
   *
   * @throws IllegalArgumentException if a label is not in [0, classes), or there are more than
   *     2^31-1 elements
   */
  public Tensor oneHot(int[] labels, int classes) {
    float[] values = new float[Layout.contiguous(labels.length, classes).size()];
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
   * out_i = x_r along the first axis, for each row number r in {@code rows}. If x or rows shares
   * memory with out, or is a view with gaps, it is copied first.
   *
   * @param rows numbers of rows (b), of which the whole part counts, each the number of a row of x
   * @throws IllegalArgumentException if the sizes of x and out but for the first axis differ, or
   *     out has not as many rows as there are numbers, or is a view with gaps
   */
  public void indexSelect(Tensor x, Tensor rows, Tensor out) {
    boolean fits = out.rank() > 0 && x.rank() > 0 && out.size(0) == rows.size() && sameRows(x, out);
    if (!fits || !out.layout().isContiguous()) {
      throw new IllegalArgumentException(
          "cannot select "
              + rows.size()
              + " rows of "
              + x.layout()
              + " into "
              + out.layout()
              + (fits ? ": it is a view with gaps" : ""));
    }
    device.indexSelect(readable(x, out), readable(rows, out), out);
  }

  /** An operand as contiguous memory that is not the target's. */
  private static Tensor readable(Tensor operand, Tensor target) {
    return Overlap.isApart(target, operand) ? operand.contiguous() : operand.copy();
  }

  private static boolean sameRows(Tensor x, Tensor out) {
    int[] shape = x.shape();
    shape[0] = out.size(0);
    return Arrays.equals(shape, out.shape());
  }

  /**
   * Prepares work to be run many times. Later runs replay what the first one gave the device, or
   * the threads, to do. Tensors that the work makes are gone after each run.
   *
   * @param work reads and writes tensors that live outside of it, and nothing else
   */
  public Recording record(Runnable work) {
    return device.record(work);
  }

  /** Waits until the device has completed all queued operations. */
  public void await() {
    device.await();
  }

  /** Runs independent tasks 0 .. tasks-1 on this backend's threads, for work on plain arrays. */
  public void parallel(int tasks, IntConsumer body) {
    device.parallel(tasks, body);
  }

  @Override
  public void close() {
    device.close();
  }
}
