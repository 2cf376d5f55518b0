package org.fasthebb.engine.internal.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.fasthebb.engine.Gpu;
import org.fasthebb.engine.internal.cuda.runtime.DriverProbe;
import org.fasthebb.engine.internal.cuda.runtime.FakeMachine;
import org.fasthebb.engine.internal.cuda.runtime.FoundDevice;
import org.fasthebb.engine.internal.cuda.runtime.FoundDriver;
import org.fasthebb.engine.internal.cuda.runtime.FoundLibrary;
import org.fasthebb.engine.internal.cuda.runtime.LibraryChoice;
import org.fasthebb.engine.internal.cuda.runtime.NativeLibrary;
import org.fasthebb.engine.internal.cuda.runtime.StubLibrary;
import org.fasthebb.testing.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuReportTest {
  private static final String CUBLAS =
      "int cublasGetVersion_v2(void *handle, int *version) { *version = 120102; return 0; }";

  private static final FoundDevice OLD = new FoundDevice(0, "Old", 6, 1, 6L << 30);
  private static final FoundDevice NEW = new FoundDevice(1, "New", 9, 0, (80L << 30) - 400_000_000);

  @TempDir Path folder;

  @Test
  void thisMachineIsReportedInOneLineAtLeast() {
    Devices.whyNoGpu(); // which names an emulated driver, before one is looked for
    List<String> report = Gpu.report();
    assertEquals(!DriverProbe.driver().usable(), report.getFirst().startsWith("none used: "));
    assertTrue(report.stream().noneMatch(line -> line.isBlank() || line.contains("\n")));
  }

  @Test
  void devicesDriverAndLibrariesAreNamed() throws Exception {
    NativeLibrary library =
        NativeLibrary.open(StubLibrary.compile(folder, "libcublas.so.12", CUBLAS).toString());
    LibraryChoice cublas =
        new LibraryChoice(
            library,
            List.of(
                new FoundLibrary("/a/libcublas.so.13", 13, "needs a driver for CUDA 13"),
                new FoundLibrary(library.file(), 12, null),
                new FoundLibrary("/b/libcublas.so.12", 12, null)),
            null);
    FoundDriver driver = new FoundDriver("/lib/libcuda.so.1", 12040, List.of(OLD, NEW), null);
    assertEquals(
        List.of(
            "cuda:0 Old, compute capability 6.1 (too old), 6 GiB",
            "cuda:1 New, compute capability 9.0, 80 GiB",
            "driver 550.54.15 for CUDA 12.4, /lib/libcuda.so.1",
            "cuBLAS 12.1.2, " + library.file(),
            "not used: /a/libcublas.so.13 needs a driver for CUDA 13"),
        GpuReport.lines(driver, Optional.of("550.54.15"), cublas));
  }

  @Test
  void reasonsComeFirstWhereThereIsNoGpuOrNoCublas() {
    FoundDriver none = new FoundDriver(null, 0, List.of(), "there is none; buy one");
    assertEquals(
        List.of("none used: there is none; buy one"),
        GpuReport.lines(none, Optional.empty(), null));
    FoundDriver old = new FoundDriver("libcuda.so.1", 12000, List.of(OLD), "too old; buy one");
    assertEquals(
        List.of(
            "none used: too old; buy one",
            "Old, compute capability 6.1 (too old), 6 GiB",
            "driver for CUDA 12.0, libcuda.so.1"),
        GpuReport.lines(old, Optional.empty(), null));
    FoundDriver good = new FoundDriver("libcuda.so.1", 12000, List.of(NEW), null);
    LibraryChoice missing = new LibraryChoice(null, List.of(), "libcublas was not found; find it");
    assertEquals(
        "WARNING, products are slow: own kernels make them, since libcublas was not found; find it",
        GpuReport.lines(good, Optional.empty(), missing).getLast());
  }

  @Test
  void releaseOfTheDriverIsReadFromTheKernel() throws IOException {
    FakeMachine machine = new FakeMachine(folder);
    assertFalse(GpuReport.kernelDriver(machine.surroundings()).isPresent());
    Files.writeString(Path.of(machine.file("/sys/module/nvidia/version")), "550.54.15\n");
    assertEquals(Optional.of("550.54.15"), GpuReport.kernelDriver(machine.surroundings()));
  }
}
