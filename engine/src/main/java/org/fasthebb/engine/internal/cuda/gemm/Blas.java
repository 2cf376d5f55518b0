package org.fasthebb.engine.internal.cuda.gemm;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.internal.cuda.kernels.Launch;
import org.fasthebb.engine.internal.cuda.runtime.DeviceMemory;
import org.fasthebb.engine.internal.cuda.runtime.Driver;
import org.fasthebb.engine.internal.cuda.runtime.LibraryChoice;
import org.fasthebb.engine.internal.runtime.Workspace;

/** Multiplies matrices by cuBLAS or, if that is not found, by a kernel of our own. */
public final class Blas implements AutoCloseable {
  private static final int HOPPER = 9;
  private static final int MIB_OF_FLOATS = 1 << 18;

  private final Sgemm sgemm;
  private final String description;
  private final Cublas cublas;
  private final DeviceMemory scratch;
  private final Workspace<DeviceMemory> workspace;

  /**
   * Starts cuBLAS if it was chosen.
   *
   * @param workspace gives cuBLAS the scratch memory that it needs inside of graphs
   */
  public Blas(
      LibraryChoice choice,
      boolean tf32,
      Backend backend,
      Driver driver,
      Launch launch,
      Workspace<DeviceMemory> workspace) {
    this.workspace = workspace;
    if (choice.library() == null) {
      cublas = null;
      scratch = null;
      sgemm = new TiledSgemm(backend, launch);
      description = "own matrix products (" + choice.problem() + ")";
      return;
    }
    int floats = (driver.device().major() >= HOPPER ? 32 : 4) * MIB_OF_FLOATS;
    driver.enter();
    cublas = new Cublas(choice.library());
    scratch = workspace.take(floats);
    cublas.queueOn(driver.streamAddress(), scratch.address(0), (long) Float.BYTES * floats);
    cublas.tf32(tf32);
    sgemm = cublas;
    description = "cuBLAS " + Cublas.version(choice.library()) + (tf32 ? ", TF32" : ", FP32");
  }

  public Sgemm sgemm() {
    return sgemm;
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
