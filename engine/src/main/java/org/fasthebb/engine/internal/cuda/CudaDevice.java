package org.fasthebb.engine.internal.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Contraction;
import org.fasthebb.engine.Device;
import org.fasthebb.engine.DeviceProvider;
import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Recording;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.SplitMix64;
import org.fasthebb.engine.Storage;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.cuda.gemm.Blas;
import org.fasthebb.engine.internal.cuda.gemm.Products;
import org.fasthebb.engine.internal.cuda.kernels.Launch;
import org.fasthebb.engine.internal.cuda.runtime.DeviceHeap;
import org.fasthebb.engine.internal.cuda.runtime.DeviceMemory;
import org.fasthebb.engine.internal.cuda.runtime.Driver;
import org.fasthebb.engine.internal.cuda.runtime.DriverProbe;
import org.fasthebb.engine.internal.cuda.runtime.FoundDevice;
import org.fasthebb.engine.internal.cuda.runtime.FoundDriver;
import org.fasthebb.engine.internal.cuda.runtime.JCudaLoader;
import org.fasthebb.engine.internal.cuda.runtime.LibraryChoice;
import org.fasthebb.engine.internal.cuda.runtime.OutOfDeviceMemory;
import org.fasthebb.engine.internal.cuda.runtime.Staging;
import org.fasthebb.engine.internal.cuda.runtime.Surroundings;
import org.fasthebb.engine.internal.cuda.strided.CudaDeflation;
import org.fasthebb.engine.internal.cuda.strided.CudaElementwise;
import org.fasthebb.engine.internal.cuda.strided.CudaReductions;
import org.fasthebb.engine.internal.runtime.RecordingRules;
import org.fasthebb.engine.internal.runtime.ThreadPool;
import org.fasthebb.engine.internal.runtime.Workspace;

/** An NVIDIA GPU. Operations are queued; only copies to Java arrays wait for them. */
public final class CudaDevice implements Device {
  private final ThreadPool pool;

  /** The backend that makes temporaries. */
  private final Backend backend = new Backend(this);

  private final List<GraphRecording> recordings = new ArrayList<>();
  private final Driver driver;
  private final DeviceHeap heap;
  private final Staging staging;
  private final Launch launch;
  private final CudaElementwise elementwise;
  private final CudaReductions reductions;
  private final CudaDeflation deflation;
  private final Products products;
  private final Blas blas;
  private final String description;
  private final String kernels;

  /**
   * The workspace that lends temporaries: the heap's or, while a recording runs, that of the
   * recording.
   */
  private Workspace<DeviceMemory> workspace;

  private boolean recording;
  private boolean closed;

  /**
   * A GPU.
   *
   * @param threads of the host
   * @param tf32 whether products may round their operands to 10 bits of mantissa
   * @param number of the GPU from 0, or {@link DeviceProvider#FIRST} for the first that is new
   *     enough
   * @throws IllegalStateException in one sentence, if there is none
   */
  CudaDevice(int threads, boolean tf32, int number) {
    this(threads, tf32, number, DriverProbe.driver(), Surroundings.actual());
  }

  CudaDevice(int threads, boolean tf32, int number, FoundDriver found, Surroundings here) {
    if (!found.usable()) {
      throw new IllegalStateException(found.problem());
    }
    JCudaLoader.loadDriver();
    FoundDevice device = found.device(number);
    driver = new Driver(device);
    pool = new ThreadPool(threads);
    heap = new DeviceHeap(driver);
    workspace = heap.workspace();
    launch = new Launch(driver);
    elementwise = new CudaElementwise(launch);
    reductions = new CudaReductions(backend, launch);
    deflation = new CudaDeflation(backend, launch);
    try {
      blas = new Blas(here, found.version(), tf32, backend, driver, launch, heap.workspace());
      staging = new Staging(driver, heap.workspace());
    } catch (RuntimeException e) {
      heap.close();
      driver.close();
      throw e;
    }
    kernels = tf32 ? "cuda-tf32" : "cuda";
    products = new Products(backend, driver, elementwise, blas.sgemm());
    description =
        "cuda, "
            + device.name()
            + " ("
            + found.origin(number)
            + "compute capability "
            + device.capability()
            + ", driver for CUDA "
            + FoundDriver.version(found.version())
            + "), "
            + blas.describe();
  }

  @Override
  public String describe() {
    return description;
  }

  /** The search for cuBLAS. */
  LibraryChoice cublas() {
    return blas.choice();
  }

  @Override
  public String kernels() {
    return kernels;
  }

  @Override
  public int threads() {
    return pool.threads();
  }

  @Override
  public long memory() {
    return driver.device().memory();
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public Scope scope() {
    return workspace.open();
  }

  @Override
  public Storage zeros(Layout layout) {
    Storage storage = recording ? empty(layout) : own(layout);
    Tensor zeros = new Tensor(backend, storage, layout);
    elementwise.map(Op.Unary.FILL, zeros, 0, zeros);
    return storage;
  }

  @Override
  public Storage empty(Layout layout) {
    if (!workspace.inScope()) {
      return own(layout);
    }
    try {
      return workspace.lend(layout.size());
    } catch (OutOfDeviceMemory e) {
      throw e.of(layout.shape());
    }
  }

  private Storage own(Layout layout) {
    try {
      return new Storage(heap.own(layout.size()));
    } catch (OutOfDeviceMemory e) {
      throw e.of(layout.shape());
    }
  }

  @Override
  public void await() {
    driver.synchronize();
  }

  @Override
  public void parallel(int tasks, IntConsumer body) {
    pool.run(tasks, body);
  }

  // ---- recordings

  @Override
  public Recording record(Runnable work) {
    driver.enter();
    GraphRecording made = new GraphRecording(this, driver, heap.workspaceOfRecording(), work);
    recordings.add(made);
    return made;
  }

  /** Runs the work of a recording, whose temporaries come from a workspace of its own. */
  <T> T runRecorded(Workspace<DeviceMemory> own, Supplier<T> work) {
    RecordingRules.refuseInside(recording);
    Workspace<DeviceMemory> before = workspace;
    workspace = own;
    recording = true;
    try {
      return work.get();
    } finally {
      recording = false;
      workspace = before;
    }
  }

  /** Takes back the memory of a recording that is being closed. */
  void forget(GraphRecording made, Workspace<DeviceMemory> own) {
    recordings.remove(made);
    own.drain(heap.workspace()::give);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    pool.close();
    driver.finish();
    List.copyOf(recordings).forEach(GraphRecording::close);
    try {
      blas.close(); // throws if the device has failed
    } finally {
      staging.close();
      heap.close();
      launch.close();
      driver.close();
    }
  }

  // ---- operations

  @Override
  public void upload(float[] values, Tensor to) {
    RecordingRules.refuse("copy from Java arrays", recording);
    staging.upload(values, DeviceMemory.of(to, driver), to.layout().offset());
  }

  @Override
  public void download(Tensor from, float[] values) {
    RecordingRules.refuse("copy to Java arrays", recording);
    try (Scope _ = scope()) {
      Tensor gapless = from.contiguous();
      staging.download(DeviceMemory.of(gapless, driver), gapless.layout().offset(), values);
    }
  }

  @Override
  public void indexSelect(Tensor x, Tensor rows, Tensor out) {
    int width = rows.size() == 0 ? 0 : out.size() / rows.size();
    launch.kernel("take").at(x).at(rows).at(out).value(width).value(out.size()).over(out.size());
  }

  @Override
  public void contract(Contraction how, Tensor a, Tensor b, Tensor out, boolean add) {
    products.contract(how, a, b, out, add);
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
  public void norms(Tensor x, Tensor out) {
    reductions.norms(x, out);
  }

  @Override
  public void clearAboveDiagonal(Tensor x) {
    launch.kernel("clear_above_diagonal").at(x).value(x.size(0)).value(x.size(1)).value(0);
    launch.value(x.layout().axis(0).stride()).value(x.layout().axis(1).stride());
    launch.value(x.size()).over(x.size());
  }

  @Override
  public void softmax(Tensor x, float scale, Tensor out) {
    reductions.softmax(x, scale, out);
  }

  @Override
  public void compete(
      Tensor y, Tensor patchNorms, Tensor neuronNorms, float scale, Tensor squares, Tensor sums) {
    if (y.size(1) <= CudaReductions.MOST_COMPETING) {
      reductions.compete(y, patchNorms, neuronNorms, scale, squares, sums);
    } else {
      Device.super.compete(y, patchNorms, neuronNorms, scale, squares, sums);
    }
  }

  @Override
  public void addDelta(Tensor a, Tensor w, Tensor sums, float eta, Tensor target) {
    boolean gapless = a.layout().isContiguous() && w.layout().isContiguous();
    if (!gapless || !sums.layout().isContiguous() || !target.layout().isContiguous()) {
      Device.super.addDelta(a, w, sums, eta, target);
      return;
    }
    launch.kernel("add_delta").at(a).at(w).at(sums).value(eta).at(target);
    launch.value(w.size(0)).value(w.size(1)).value(w.size()).over(w.size());
  }

  @Override
  public void deflate(Tensor y, Tensor x, Tensor w, int block, float scale, Tensor target) {
    deflation.run(y, x, w, scale, target);
  }

  @Override
  public void maxPool(Tensor x, int k, Tensor out, Tensor winners) {
    launch.kernel("max_pool").at(x).at(out);
    if (winners == null) {
      launch.value(0L);
    } else {
      launch.at(winners);
    }
    launch.value(x.size(1)).value(x.size(2)).value(x.size(3)).value(k);
    launch.value(out.size()).over(out.size());
  }

  @Override
  public void maxPoolBackward(Tensor dy, Tensor winners, int k, Tensor dx) {
    launch.kernel("max_pool_gradient").at(dy).at(winners).at(dx);
    launch.value(dx.size(1)).value(dx.size(2)).value(dx.size(3)).value(k);
    launch.value(dx.size()).over(dx.size());
  }

  @Override
  public void fold(Tensor patches, int kh, int kw, Tensor x) {
    launch.kernel("fold").at(patches).at(x).value(x.size(1)).value(x.size(2)).value(x.size(3));
    launch.value(kh).value(kw).value(x.size()).over(x.size());
  }

  @Override
  public void moments(Tensor x, Tensor mean, Tensor variance) {
    reductions.moments(x, mean, variance);
  }

  @Override
  public void batchNorm(
      BatchNorm norm,
      Tensor mean,
      Tensor variance,
      float unbiased,
      Tensor inverse,
      Tensor factor,
      Tensor scale,
      Tensor shift) {
    launch.kernel("batch_norm").at(mean).at(variance).at(norm.gamma()).at(norm.beta());
    launch.at(norm.runningMean()).at(norm.runningVariance());
    launch.at(inverse).at(factor).at(scale).at(shift);
    launch.value(BatchNorm.MOMENTUM).value(unbiased).value(BatchNorm.EPSILON);
    launch.value(norm.isModified()).value(mean.size());
    launch.grid(1, 1, 1, mean.size() <= 256 ? 256 : 1024, 1);
  }

  @Override
  public void batchNormBackward(
      Tensor x, Tensor dy, Tensor mean, Tensor inverse, Tensor scale, Tensor sums, Tensor dx) {
    reductions.batchNormSums(x, dy, mean, inverse, sums);
    if (dx != null) {
      launch.kernel("batch_norm_gradient").at(x).at(dy).at(mean).at(inverse).at(scale).at(sums);
      launch.at(dx).value(x.size(0)).value(mean.size()).value(x.size()).over(x.size());
    }
  }

  @Override
  public void affine(Tensor x, Tensor scale, Tensor shift, Tensor out) {
    launch.kernel("affine").at(x).at(scale).at(shift).at(out);
    launch.value(scale.size()).value(out.size()).over(out.size());
  }

  @Override
  public void dropout(Tensor x, float p, long seed, Tensor step, Tensor out) {
    launch.kernel("dropout").at(x).value(1 / (1 - p)).value((int) Math.ceil(p * 0x1p24));
    launch.value(SplitMix64.mix(seed)).at(step).at(out).value(out.size()).over(out.size());
  }

  @Override
  public void uniform(long seed, Tensor step, Tensor out) {
    launch.kernel("uniform").value(SplitMix64.mix(seed)).at(step).at(out);
    launch.value(out.size()).over(out.size());
  }

  @Override
  public void descend(
      List<Tensor> ws,
      List<Tensor> gradients,
      List<Tensor> velocities,
      float rate,
      float momentum,
      float decay) {
    elementwise.descend(ws, gradients, velocities, rate, momentum, decay);
  }
}
