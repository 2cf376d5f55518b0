package org.fasthebb.engine.internal.cuda.runtime;

import static java.util.stream.Collectors.joining;
import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleUnload;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUfunction;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import jcuda.driver.JITOptions;

/**
 * A device: its primary context, the shipped kernels, and one stream for all work on tensors.
 * Operations on one stream run in order, so memory can be given to the next operation before the
 * last one has ended. Only {@link Staging} has another stream, on which nothing touches a tensor.
 *
 * <p>Only one thread at a time may use it, though not always the same one.
 */
public final class Driver implements AutoCloseable {
  /**
   * If this property is set, each kernel and product is waited for, so that an error names the one
   * that caused it.
   */
  public static final String DEBUG = "fasthebb.cuda.debug";

  private static final String PTX = "/org/fasthebb/engine/internal/cuda/kernels/kernels.ptx";
  private static final int LOG_BYTES = 8192;

  /** Parts of the names of errors after which every later call fails, too. */
  private static final List<String> STICKY =
      List.of(
          "ILLEGAL_ADDRESS",
          "ILLEGAL_INSTRUCTION",
          "MISALIGNED_ADDRESS",
          "INVALID_ADDRESS_SPACE",
          "INVALID_PC",
          "HARDWARE_STACK_ERROR",
          "LAUNCH_FAILED",
          "LAUNCH_TIMEOUT",
          "ASSERT",
          "UNCORRECTABLE", // of ECC and of NVLink
          "CONTEXT_IS_DESTROYED",
          "EXTERNAL_DEVICE",
          "MPS_CLIENT_TERMINATED",
          "ERROR_UNKNOWN");

  private final FoundDevice found;
  private final boolean debug = System.getProperty(DEBUG) != null;
  private final CUdevice device = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final CUmodule module = new CUmodule();
  private final Stream stream = new Stream();
  private final Map<String, CUfunction> functions = new HashMap<>();
  private Thread current;
  private long operations;
  private boolean capturing;
  private boolean closed;

  /**
   * Opens a device. JCuda is loaded.
   *
   * @throws IllegalStateException in one sentence, if the driver refuses
   */
  public Driver(FoundDevice found) {
    this.found = found;
    JCudaDriver.setExceptionsEnabled(true);
    call("cuInit", () -> cuInit(0));
    call("cuDeviceGet", () -> cuDeviceGet(device, found.ordinal()));
    call("cuDevicePrimaryCtxRetain", () -> cuDevicePrimaryCtxRetain(context, device));
    try {
      enter();
      call("cuStreamCreate", () -> cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
      loadModule();
    } catch (RuntimeException e) {
      cuDevicePrimaryCtxRelease(device);
      throw e;
    }
  }

  private void loadModule() {
    try {
      JCudaDriver.cuModuleLoadData(module, ptx());
    } catch (CudaException e) {
      throw failure("loading the kernels (" + whyRefused() + ")", e);
    }
  }

  /** Why the driver's assembler refused the kernels. */
  private String whyRefused() {
    JITOptions options = new JITOptions();
    options.putInt(CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, LOG_BYTES);
    options.putBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER, new byte[LOG_BYTES]);
    byte[] source = ptx().getBytes(StandardCharsets.US_ASCII);
    Pointer terminated = Pointer.to(Arrays.copyOf(source, source.length + 1));
    quietly(() -> JCudaDriver.cuModuleLoadDataJIT(module, terminated, options));
    String log = options.getString(CUjit_option.CU_JIT_ERROR_LOG_BUFFER);
    return log == null ? "the driver does not say why" : log.strip().lines().collect(joining("; "));
  }

  /** The shipped kernels as text of PTX. */
  public static String ptx() {
    try (InputStream in = Driver.class.getResourceAsStream(PTX)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + PTX + " (" + e + ")", e);
    }
  }

  /** The device that it drives. */
  public FoundDevice device() {
    return found;
  }

  public boolean isDebug() {
    return debug;
  }

  /** The stream on which all work is queued. */
  public CUstream stream() {
    return stream;
  }

  /** The stream's address, as other libraries take it. */
  public long streamAddress() {
    return stream.address();
  }

  /** Makes the device's context current on this thread. Every public operation begins with it. */
  public void enter() {
    if (closed) {
      throw new IllegalStateException("this backend is closed; tensors on the GPU went with it");
    }
    if (!Thread.currentThread().equals(current)) {
      call("cuCtxSetCurrent", () -> cuCtxSetCurrent(context));
      current = Thread.currentThread();
    }
  }

  /** A kernel by its name in the sources. */
  public CUfunction function(String name) {
    CUfunction known = functions.get(name);
    if (known != null) {
      return known;
    }
    CUfunction function = new CUfunction();
    call("looking for kernel " + name, () -> cuModuleGetFunction(function, module, name));
    functions.put(name, function);
    return function;
  }

  /** Waits for all queued work. */
  public void synchronize() {
    enter();
    if (capturing) {
      throw new IllegalStateException(
          "a recording cannot wait for the GPU; read its results after it has run");
    }
    call("work on the GPU", () -> cuStreamSynchronize(stream));
  }

  /** Waits for all queued work, and ignores its failure. */
  public void finish() {
    enter();
    quietly(() -> cuStreamSynchronize(stream));
  }

  /**
   * Notes that an operation was queued. If debugging, waits for it, so that its failure names it.
   *
   * @param kind of operation, such as "kernel "
   * @param what its name, or what tells it from others of its kind
   */
  public void queued(String kind, Object what) {
    operations++;
    if (debug && !capturing) {
      call(kind + what, () -> cuStreamSynchronize(stream));
    }
  }

  /** The number of operations that were queued so far. */
  public long operations() {
    return operations;
  }

  /** Whether queued work is recorded instead of done. */
  public boolean isCapturing() {
    return capturing;
  }

  public void setCapturing(boolean capturing) {
    this.capturing = capturing;
  }

  /** A call of the driver. */
  public interface Call {
    int run();
  }

  /** Calls the driver, and throws a failure as a sentence. */
  public void call(String what, Call call) {
    try {
      call.run();
    } catch (CudaException e) {
      throw failure(what, e);
    }
  }

  /** A failed call as a sentence. */
  public IllegalStateException failure(String what, CudaException e) {
    String code = e.getMessage();
    boolean fatal = STICKY.stream().anyMatch(code::contains);
    return new IllegalStateException(
        what
            + " failed on "
            + found.name()
            + " with "
            + code
            + (fatal ? "; nothing more can be computed there until the program starts anew" : "")
            + (fatal && !debug ? " (-D" + DEBUG + "=true tells which operation it was)" : ""),
        e);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    finish();
    closed = true;
    // A device that has failed refuses these too; there is nothing left to free on it then.
    quietly(() -> cuModuleUnload(module));
    quietly(() -> cuStreamDestroy(stream));
    quietly(() -> cuDevicePrimaryCtxRelease(device));
  }

  /** Calls the driver where a failure changes nothing. */
  public static void quietly(Call call) {
    try {
      call.run();
    } catch (CudaException e) {
      // the context is gone, and all that belonged to it has been freed
    }
  }

  /** A stream that tells its address. */
  private static final class Stream extends CUstream {
    long address() {
      return getNativePointer();
    }
  }
}
