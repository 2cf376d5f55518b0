package org.fasthebb.engine.internal.cpu;

import java.util.List;
import java.util.function.IntConsumer;
import org.fasthebb.engine.Contraction;
import org.fasthebb.engine.Device;
import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Recording;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Storage;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.gemm.Gemm;
import org.fasthebb.engine.internal.gemm.Matrix;
import org.fasthebb.engine.internal.kernels.KernelChoice;
import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.runtime.JobRecording;
import org.fasthebb.engine.internal.runtime.RecordingRules;
import org.fasthebb.engine.internal.runtime.ThreadPool;
import org.fasthebb.engine.internal.runtime.Workspace;
import org.fasthebb.engine.internal.strided.AxisGroup;
import org.fasthebb.engine.internal.strided.LetterGroups;
import org.fasthebb.engine.internal.winograd.Winograd;

/**
 * The CPU as a device: tensors are Java arrays, the threads its own, the kernels those of {@link
 * KernelChoice}.
 */
public final class CpuDevice implements Device {
  private final ThreadPool pool;
  private final Workspace<float[]> workspace =
      new Workspace<>(float[].class, this::allocate, array -> array.length);
  private final Kernels kernels = KernelChoice.kernels();
  private final Gemm gemm;
  private final Winograd winograd;
  private final Elementwise elementwise;
  private final Reductions reductions;
  private final Competition competition;
  private final Deflation deflation;
  private final Pooling pooling;
  private final Randomness randomness;

  /** A device with its own pool of {@code threads} threads. */
  public CpuDevice(int threads) {
    pool = new ThreadPool(threads);
    gemm = new Gemm(pool, workspace);
    winograd = new Winograd(pool, workspace);
    elementwise = new Elementwise(pool);
    reductions = new Reductions(pool);
    competition = new Competition(pool);
    deflation = new Deflation(pool, workspace);
    pooling = new Pooling(pool);
    randomness = new Randomness(pool);
  }

  /** An array for which memory that waits for its next use is given up, if there is no other. */
  private float[] allocate(int size) {
    try {
      return new float[size];
    } catch (OutOfMemoryError e) {
      workspace.drain(_ -> {});
      return new float[size];
    }
  }

  @Override
  public String describe() {
    return "cpu, "
        + threads()
        + (threads() == 1 ? " thread, " : " threads, ")
        + KernelChoice.kernels().name()
        + " ("
        + KernelChoice.reason()
        + ")";
  }

  @Override
  public String kernels() {
    return kernels.width();
  }

  @Override
  public int threads() {
    return pool.threads();
  }

  @Override
  public long memory() {
    return Runtime.getRuntime().maxMemory();
  }

  @Override
  public boolean isRemote() {
    return false;
  }

  @Override
  public Scope scope() {
    return workspace.open();
  }

  @Override
  public Storage zeros(Layout layout) {
    if (pool.isRecording()) {
      Storage lent = empty(layout);
      elementwise.zero(lent.array(), layout.size());
      return lent;
    }
    return new Storage(new float[layout.size()]);
  }

  @Override
  public Storage empty(Layout layout) {
    return workspace.inScope() ? workspace.lend(layout.size()) : zeros(layout);
  }

  @Override
  public void await() {}

  @Override
  public void parallel(int tasks, IntConsumer body) {
    pool.run(tasks, body);
  }

  @Override
  public void close() {
    pool.close();
  }

  @Override
  public Recording record(Runnable work) {
    return new JobRecording(pool, workspace, work);
  }

  @Override
  public void upload(float[] values, Tensor to) {
    RecordingRules.refuse("copy from Java arrays", pool.isRecording());
    System.arraycopy(values, 0, to.storage().array(), to.layout().offset(), values.length);
  }

  @Override
  public void upload(byte[] bytes, float[][] table, Tensor to) {
    RecordingRules.refuse("copy from Java arrays", pool.isRecording());
    float[] target = to.storage().array();
    int offset = to.layout().offset();
    int channels = table.length;
    int pixels = bytes.length / channels;
    int batch = Math.max(1, 16384 / channels);
    pool.run(
        Math.ceilDiv(pixels, batch),
        task -> {
          int end = (int) Math.min(pixels, (task + 1L) * batch);
          for (int pixel = task * batch; pixel < end; pixel++) {
            for (int c = 0; c < channels; c++) {
              int i = pixel * channels + c;
              target[offset + i] = table[c][bytes[i] & 0xff];
            }
          }
        });
  }

  @Override
  public void download(Tensor from, float[] values) {
    RecordingRules.refuse("copy to Java arrays", pool.isRecording());
    new Tensor(from.backend(), new Storage(values), Layout.contiguous(from.shape())).assign(from);
  }

  @Override
  public void indexSelect(Tensor x, Tensor rows, Tensor out) {
    int count = rows.size();
    int width = count == 0 ? 0 : out.size() / count;
    float[] xs = x.storage().array();
    float[] rs = rows.storage().array();
    float[] os = out.storage().array();
    pool.run(
        count,
        i -> {
          int row = (int) rs[rows.layout().offset() + i];
          int from = x.layout().offset() + row * width;
          System.arraycopy(xs, from, os, out.layout().offset() + i * width, width);
        });
  }

  @Override
  public void contract(Contraction how, Tensor a, Tensor b, Tensor out, boolean add) {
    if (winograd.contract(how, a, b, out, add)) {
      return;
    }
    LetterGroups groups = LetterGroups.of(how, a, b, out);
    AxisGroup batchA = groups.batchA();
    AxisGroup batchB = groups.batchB();
    float[] as = a.storage().array();
    float[] bs = b.storage().array();
    float[] cs = out.storage().array();
    for (int i = 0; i < batchA.total(); i++) {
      gemm.multiply(
          new Matrix(as, a.layout().offset() + batchA.offset(0, i)),
          new Matrix(bs, b.layout().offset() + batchB.offset(0, i)),
          new Matrix(cs, out.layout().offset() + batchA.offset(1, i)),
          groups.m(),
          groups.n(),
          groups.k(),
          add);
    }
  }

  @Override
  public void map(Op.Unary op, Tensor x, float p, Tensor out) {
    elementwise.map(op, x, p, out);
  }

  @Override
  public void zip(Op.Binary op, Tensor a, Tensor b, Tensor out) {
    elementwise.zip(op, a, b, out);
  }

  @Override
  public void reduce(Op.Reduction op, Tensor x, Tensor out) {
    reductions.reduce(op, x, out);
  }

  @Override
  public void sumExcess(Tensor x, float t, float sign, Tensor out) {
    if (Reductions.areColumns(x.layout(), out.layout())) {
      reductions.sumExcess(x, t, sign, out);
    } else {
      Device.super.sumExcess(x, t, sign, out);
    }
  }

  @Override
  public void clearAboveDiagonal(Tensor x) {
    float[] xs = x.storage().array();
    int down = x.layout().axis(0).stride();
    int along = x.layout().axis(1).stride();
    pool.run(
        x.size(0),
        i -> {
          for (int j = i + 1; j < x.size(1); j++) {
            xs[x.layout().offset() + i * down + j * along] = 0;
          }
        });
  }

  @Override
  public void softmax(Tensor x, float scale, Tensor out) {
    reductions.softmax(x, scale, out);
  }

  @Override
  public void compete(
      Tensor y, Tensor patchNorms, Tensor neuronNorms, float scale, Tensor squares, Tensor sums) {
    competition.run(y, patchNorms, neuronNorms, scale, squares, sums);
  }

  @Override
  public void deflate(Tensor y, Tensor x, Tensor w, int block, float scale, Tensor target) {
    deflation.run(y, x, w, block, scale, target);
  }

  @Override
  public void maxPool(Tensor x, int k, Tensor out, Tensor winners) {
    pooling.forward(x, k, out, winners);
  }

  @Override
  public void maxPoolBackward(Tensor dy, Tensor winners, int k, Tensor dx) {
    pooling.backward(dy, winners, k, dx);
  }

  @Override
  public void moments(Tensor x, Tensor mean, Tensor variance) {
    reductions.moments(x, mean, variance);
  }

  @Override
  public void affine(Tensor x, Tensor scale, Tensor shift, Tensor out) {
    int n = scale.size();
    int rows = n == 0 ? 0 : x.size() / n;
    float[] xs = x.storage().array();
    float[] ss = scale.storage().array();
    float[] bs = shift.storage().array();
    float[] os = out.storage().array();
    int xBase = x.layout().offset();
    int oBase = out.layout().offset();
    int so = scale.layout().offset();
    int bo = shift.layout().offset();
    int batch = Math.max(1, 16384 / Math.max(1, n));
    pool.run(
        Math.ceilDiv(rows, batch),
        task -> {
          int end = (int) Math.min(rows, (task + 1L) * batch);
          for (int row = task * batch; row < end; row++) {
            kernels.affine(xs, xBase + row * n, ss, so, bs, bo, os, oBase + row * n, n);
          }
        });
  }

  @Override
  public void dropout(Tensor x, float p, long seed, Tensor step, Tensor out) {
    randomness.dropout(x, p, seed, step, out);
  }

  @Override
  public void uniform(long seed, Tensor step, Tensor out) {
    randomness.uniform(seed, step, out);
  }

  @Override
  public void descend(
      List<Tensor> ws,
      List<Tensor> gradients,
      List<Tensor> velocities,
      float rate,
      float momentum,
      float decay) {
    Kernels.Descent how = new Kernels.Descent(rate, momentum, decay);
    for (int i = 0; i < ws.size(); i++) {
      descend(ws.get(i), gradients.get(i), velocities.get(i), how);
    }
  }

  private void descend(Tensor w, Tensor gradient, Tensor velocity, Kernels.Descent how) {
    float[] ws = w.storage().array();
    float[] gs = gradient.storage().array();
    float[] vs = velocity.storage().array();
    int wo = w.layout().offset();
    int go = gradient.layout().offset();
    int vo = velocity.layout().offset();
    int n = w.size();
    int batch = 16384;
    pool.run(
        Math.ceilDiv(n, batch),
        task -> {
          int at = task * batch;
          kernels.descend(ws, wo + at, gs, go + at, vs, vo + at, how, Math.min(batch, n - at));
        });
  }
}
