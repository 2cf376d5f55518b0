package org.fasthebb.engine.internal.cuda.gemm;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.internal.cuda.kernels.Launch;
import org.fasthebb.engine.internal.cuda.runtime.DeviceMemory;
import org.fasthebb.engine.internal.cuda.runtime.Driver;
import org.fasthebb.engine.internal.cuda.runtime.LibraryChoice;
import org.fasthebb.engine.internal.cuda.runtime.NativeLibrary;
import org.fasthebb.engine.internal.cuda.runtime.Surroundings;
import org.fasthebb.engine.internal.runtime.Workspace;

/** Multiplies matrices by cuBLAS or, where none works, by a kernel of our own. */
public final class Blas implements AutoCloseable {
  private static final int HOPPER = 9;
  private static final int MIB_OF_FLOATS = 1 << 18;

  /** Side of the matrices that a library has to multiply before it is used. */
  private static final int TRIAL = 8;

  private final Driver driver;
  private final boolean tf32;
  private final Workspace<DeviceMemory> workspace;
  private final DeviceMemory scratch;
  private final int scratchFloats;
  private final LibraryChoice choice;
  private final Sgemm sgemm;
  private final String description;

  /** The cuBLAS that is in use, or null. */
  private Cublas cublas;

  /**
   * Starts the first cuBLAS that multiplies on this device.
   *
   * @param here where to look for it
   * @param driverVersion of CUDA that the driver is for, such as 12040 for 12.4
   * @param workspace gives cuBLAS the scratch memory that it needs inside of graphs
   */
  public Blas(
      Surroundings here,
      int driverVersion,
      boolean tf32,
      Backend backend,
      Driver driver,
      Launch launch,
      Workspace<DeviceMemory> workspace) {
    this.driver = driver;
    this.tf32 = tf32;
    this.workspace = workspace;
    driver.enter();
    scratchFloats = (driver.device().major() >= HOPPER ? 32 : 4) * MIB_OF_FLOATS;
    scratch = workspace.take(scratchFloats);
    choice = LibraryChoice.choose(here, "cublas", driverVersion, this::start);
    if (cublas == null) {
      workspace.give(scratch);
      sgemm = new TiledSgemm(backend, launch);
      description = "own matrix products, slower than cuBLAS (" + choice.problem() + ")";
    } else {
      sgemm = cublas;
      description = "cuBLAS " + cublas.version() + (tf32 ? ", TF32" : ", FP32");
    }
  }

  /**
   * Opens a library, starts it and lets it multiply, since one that loads may still not know this
   * device or not fit its driver.
   */
  private NativeLibrary start(String file) {
    openSibling(file);
    NativeLibrary library = NativeLibrary.open(file);
    Cublas started = new Cublas(library);
    DeviceMemory numbers = workspace.take(3 * TRIAL * TRIAL);
    try {
      started.queueOn(
          driver.streamAddress(), scratch.address(0), (long) Float.BYTES * scratchFloats);
      started.tf32(tf32);
      Sgemm.Matrices[] x = new Sgemm.Matrices[3];
      for (int i = 0; i < x.length; i++) {
        x[i] = new Sgemm.Matrices(numbers.address(i * TRIAL * TRIAL), false, TRIAL, 0);
      }
      started.multiply(new Sgemm.Product(TRIAL, TRIAL, TRIAL, x[0], x[1], x[2], false, 1));
      driver.synchronize();
    } catch (IllegalStateException e) {
      closeQuietly(started);
      throw new IllegalStateException(file + " does not multiply: " + e.getMessage(), e);
    } finally {
      workspace.give(numbers);
    }
    cublas = started;
    return library;
  }

  /**
   * Opens the libcublasLt that lies beside a libcublas, which needs it. Otherwise the dynamic
   * linker might take one of another version from LD_LIBRARY_PATH.
   */
  private static void openSibling(String file) {
    Path path = Path.of(file);
    String name = path.getFileName().toString();
    Path sibling = path.resolveSibling(name.replace("libcublas.", "libcublasLt."));
    if (path.isAbsolute() && !sibling.equals(path) && Files.exists(sibling)) {
      NativeLibrary.open(sibling.toString());
    }
  }

  private static void closeQuietly(Cublas started) {
    try {
      started.close();
    } catch (IllegalStateException e) {
      // What it did wrong before says more.
    }
  }

  public Sgemm sgemm() {
    return sgemm;
  }

  /** Which libraries were found, and why others than the one in use were not taken. */
  public LibraryChoice choice() {
    return choice;
  }

  /** Names what multiplies, with the reason if it is not cuBLAS. */
  public String describe() {
    return description;
  }

  @Override
  public void close() {
    if (cublas != null) {
      cublas.close();
      workspace.give(scratch);
    }
  }
}
