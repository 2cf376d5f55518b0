package org.fasthebb.engine.internal.cuda;

import static org.fasthebb.engine.Contraction.contract;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.DeviceProvider;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.cuda.runtime.DriverProbe;
import org.fasthebb.engine.internal.cuda.runtime.FakeMachine;
import org.fasthebb.engine.internal.cuda.runtime.StubLibrary;
import org.fasthebb.testing.Devices;
import org.fasthebb.testing.EmulatedDriver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that load, and then do not work, are passed over. */
class CublasTrialTest {
  /** Starts with status CREATE, and multiplies with status GEMM. */
  private static final String STUB =
      """
      static int handle;
      int cublasCreate_v2(void **out) { *out = &handle; return CREATE; }
      int cublasDestroy_v2(void *h) { return 0; }
      int cublasGetVersion_v2(void *h, int *version) { *version = VERSION; return 0; }
      int cublasSetMathMode(void *h, int mode) { return 0; }
      int cublasSetStream_v2(void *h, void *stream) { return 0; }
      int cublasSetWorkspace_v2(void *h, void *at, unsigned long bytes) { return 0; }
      int cublasSgemmStridedBatched(void *h) { return GEMM; }
      int cublasSgemm_v2(void *h) { return GEMM; }
      """;

  @TempDir Path root;
  private FakeMachine machine;

  @BeforeEach
  void needsTheEmulatedDriver() {
    assumeTrue(Devices.isEmulated(), "needs the emulated driver: " + Devices.whyNoGpu());
    machine = new FakeMachine(root);
  }

  private String stub(String folder, int major, int create, int gemm, String... options)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("-DCREATE=" + create, "-DGEMM=" + gemm));
    all.addAll(Arrays.asList(options));
    return StubLibrary.compile(
            root.resolve(folder), "libcublas.so." + major, STUB, all.toArray(String[]::new))
        .toString();
  }

  private CudaDevice open() {
    return new CudaDevice(
        1, false, DeviceProvider.FIRST, DriverProbe.driver(), machine.surroundings());
  }

  private static void assertMultiplies(Backend gpu) {
    Tensor ones = gpu.zeros(3, 5).fill(1);
    assertEquals(15f, contract("ik,jk->ij", ones, ones).slice(0, 0, 1).sum().item());
  }

  private List<String> report(CudaDevice device) {
    return GpuReport.lines(DriverProbe.driver(), Optional.empty(), device.cublas());
  }

  @Test
  void nextOneIsTaken() throws Exception {
    String notStarting = stub("usr/local/cuda-13.0/lib64", 13, 8, 0, "-DVERSION=130000");
    String notMultiplying = stub("usr/local/cuda-12.9/lib64", 12, 0, 13, "-DVERSION=120900");
    Path working = root.resolve("usr/local/cuda-12.6/lib64/libcublas.so.12");
    Files.createDirectories(working.getParent());
    Files.copy(Devices.libraries().resolve("libcublas.so.12"), working);
    CudaDevice device = open();
    try (Backend gpu = new Backend(device)) {
      assertTrue(gpu.describe().endsWith("), cuBLAS 12.6.4, FP32"), gpu.describe());
      assertMultiplies(gpu);
      List<String> report = report(device);
      assertEquals(
          List.of(
              "not used: cublasCreate_v2 of "
                  + notStarting
                  + " failed with CUBLAS_STATUS_ARCH_MISMATCH (it does not know this GPU)",
              "not used: "
                  + notMultiplying
                  + " does not multiply: cublasSgemm_v2 failed with CUBLAS_STATUS_EXECUTION_FAILED"
                  + " (an earlier operation failed, or this version of cuBLAS does not fit the GPU"
                  + " or the driver) for m 8, n 8, k 8, batch 1"),
          report.stream().filter(line -> line.startsWith("not used")).toList());
    }
    assertEquals(0, EmulatedDriver.get("bytes"));
  }

  @Test
  void ownKernelsMultiplyWhereNoneWorks() throws Exception {
    String broken = stub("odd", 12, 0, 14, "-DVERSION=120900");
    machine.property("fasthebb.cublas", "/odd/libcublas.so.12"); // and so the only one to try
    CudaDevice device = open();
    try (Backend gpu = new Backend(device)) {
      String line = gpu.describe();
      assertTrue(line.contains("own matrix products, slower than cuBLAS"), line);
      assertTrue(line.contains(broken) && line.contains("INTERNAL_ERROR"), line);
      assertMultiplies(gpu);
      assertTrue(
          report(device).stream().anyMatch(l -> l.startsWith("WARNING, products are slow")),
          report(device).toString());
    }
    assertEquals(0, EmulatedDriver.get("bytes"));
  }

  /** cuBLAS needs libcublasLt, and this stand-in has no RUNPATH that leads to it. */
  @Test
  void libraryBesideItIsOpenedFirst() throws Exception {
    Path beside =
        StubLibrary.compile(
            root.resolve("usr/local/cuda-12.9/lib64"),
            "libcublasLt.so.12",
            "int fasthebb_lt(void) { return 120902; }",
            "-Wl,-soname,libcublasLt.so.12");
    stub(
        "usr/local/cuda-12.9/lib64",
        12,
        0,
        0,
        "-DVERSION=fasthebb_lt()",
        "-include",
        Files.writeString(root.resolve("lt.h"), "int fasthebb_lt(void);").toString(),
        beside.toString());
    try (Backend gpu = new Backend(open())) {
      assertTrue(gpu.describe().endsWith("cuBLAS 12.9.2, FP32"), gpu.describe());
    }
  }
}
