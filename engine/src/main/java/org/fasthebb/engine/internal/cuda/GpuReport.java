package org.fasthebb.engine.internal.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fasthebb.engine.DeviceProvider;
import org.fasthebb.engine.internal.cuda.gemm.Cublas;
import org.fasthebb.engine.internal.cuda.runtime.DriverProbe;
import org.fasthebb.engine.internal.cuda.runtime.FoundDevice;
import org.fasthebb.engine.internal.cuda.runtime.FoundDriver;
import org.fasthebb.engine.internal.cuda.runtime.FoundLibrary;
import org.fasthebb.engine.internal.cuda.runtime.LibraryChoice;
import org.fasthebb.engine.internal.cuda.runtime.NativeLibrary;
import org.fasthebb.engine.internal.cuda.runtime.Surroundings;

/** Reports the GPUs, their driver and cuBLAS, or why they were not found. */
public final class GpuReport {
  private static final long GIB = 1L << 30;

  private GpuReport() {}

  /** The report on this machine. */
  public static List<String> actual() {
    FoundDriver driver = DriverProbe.driver();
    Optional<String> release = kernelDriver(Surroundings.actual());
    if (!driver.usable()) {
      return lines(driver, release, null);
    }
    // Only a device can tell which cuBLAS works on it.
    try (CudaDevice device = new CudaDevice(1, false, DeviceProvider.FIRST)) {
      return lines(driver, release, device.cublas());
    } catch (IllegalStateException e) {
      List<String> lines = lines(driver, release, null);
      lines.addFirst("none used: " + e.getMessage());
      return lines;
    }
  }

  /**
   * The report on some machine, as lines.
   *
   * @param release of the driver, if known
   * @param cublas what was found of it, or null where no GPU can be used
   */
  static List<String> lines(FoundDriver driver, Optional<String> release, LibraryChoice cublas) {
    List<String> lines = new ArrayList<>();
    if (!driver.usable()) {
      lines.add("none used: " + driver.problem());
    }
    for (FoundDevice device : driver.devices()) {
      lines.add(
          (driver.devices().size() > 1 ? "cuda:" + device.ordinal() + " " : "")
              + device.name()
              + ", compute capability "
              + device.capability()
              + (device.fits() ? "" : " (too old)")
              + ", "
              + (device.memory() + GIB / 2) / GIB
              + " GiB");
    }
    if (driver.version() > 0) {
      lines.add(
          release.map(name -> "driver " + name).orElse("driver")
              + " for CUDA "
              + FoundDriver.version(driver.version())
              + ", "
              + driver.file());
    }
    if (cublas != null) {
      addCublas(cublas, lines);
    }
    return lines;
  }

  private static void addCublas(LibraryChoice cublas, List<String> lines) {
    if (cublas.library() != null) {
      lines.add("cuBLAS " + version(cublas.library()) + ", " + cublas.library().file());
    } else {
      lines.add("WARNING, products are slow: own kernels make them, since " + cublas.problem());
    }
    for (FoundLibrary found : cublas.found()) {
      if (!found.accepted()) {
        lines.add("not used: " + found.described());
      }
    }
  }

  private static String version(NativeLibrary library) {
    try {
      return Cublas.version(library);
    } catch (IllegalStateException e) {
      return "of unknown version (" + e.getMessage() + ")";
    }
  }

  /** The release of the driver in the kernel, as 550.54.15; WSL has none to read. */
  static Optional<String> kernelDriver(Surroundings here) {
    try {
      return Optional.of(Files.readString(here.path("/sys/module/nvidia/version")).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
