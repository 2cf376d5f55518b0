package org.fasthebb.engine.internal.cuda.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import org.fasthebb.testing.Devices;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriverProbeTest {
  /** A stand-in for the driver, whose answers are macros. */
  private static final String DRIVER =
      """
      #include <stdio.h>
      #include <stddef.h>
      int cuInit(unsigned flags) { return INIT; }
      int cuDriverGetVersion(int *version) { *version = VERSION; return INIT == 34 ? 34 : 0; }
      int cuDeviceGetCount(int *count) { *count = COUNT; return 0; }
      int cuDeviceGet(int *device, int ordinal) { *device = 40 + ordinal; return 0; }
      int cuDeviceGetName(char *name, int length, int device) {
        snprintf(name, length, "GPU %d", device - 40);
        return 0;
      }
      int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = 6ull << 30; return 0; }
      int cuDeviceGetAttribute(int *value, int attribute, int device) {
        int capability = device == 40 ? FIRST : 90;
        *value = attribute == 75 ? capability / 10 : capability % 10;
        return attribute == 75 || attribute == 76 ? 0 : 1;
      }
      """;

  @TempDir Path root;
  private FakeMachine machine;

  @BeforeEach
  void bareMachine() {
    machine = new FakeMachine(root);
  }

  private Path driver(String folder, int init, int version, int count, int capability)
      throws IOException, InterruptedException {
    return StubLibrary.compile(
        root.resolve(folder),
        "libcuda.so.1",
        DRIVER,
        "-DINIT=" + init,
        "-DVERSION=" + version,
        "-DCOUNT=" + count,
        "-DFIRST=" + capability);
  }

  private FoundDriver probe() {
    FoundDriver driver = DriverProbe.probe(machine.surroundings());
    assertEquals(driver.problem() == null, driver.usable());
    if (!driver.usable()) {
      assertOneSentence(driver.problem());
    }
    return driver;
  }

  private static void assertOneSentence(String problem) {
    assertFalse(problem.isBlank() || problem.contains("\n") || problem.contains(". "), problem);
    assertTrue(problem.contains(";"), "no remedy in: " + problem);
  }

  @Test
  void thisMachineHasAUsableDriverOrASentenceSaysWhyNot() {
    Devices.whyNoGpu(); // which names an emulated driver, before one is looked for
    FoundDriver driver = DriverProbe.driver();
    assertSame(driver, DriverProbe.driver());
    if (driver.usable()) {
      assertTrue(driver.version() >= 12000 && !driver.devices().isEmpty(), driver.toString());
    } else {
      assertOneSentence(driver.problem());
    }
  }

  @Test
  void usableDriverTellsItsVersionAndDevices() throws Exception {
    Path file = driver("usr/lib64", 0, 12040, 2, 61);
    FoundDriver driver = probe();
    assertNull(driver.problem());
    assertEquals(file.toString(), driver.file());
    assertEquals("12.4", FoundDriver.version(driver.version()));
    assertEquals(
        List.of(
            new FoundDevice(0, "GPU 0", 6, 1, 6L << 30),
            new FoundDevice(1, "GPU 1", 9, 0, 6L << 30)),
        driver.devices());
    assertFalse(driver.devices().get(0).fits());
    assertTrue(driver.devices().get(1).fits());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 11040, 1, 90, 'is for CUDA 11.4, and 12.0 or later is needed; update'",
    "0, 12000, 1, 61, 'GPU 0 has compute capability 6.1, and 7.5 or later'",
    "0, 12000, 0, 90, 'no GPU that it reaches; see what nvidia-smi lists'",
    "100, 12000, 0, 90, 'no GPU that it reaches; see what nvidia-smi lists'",
    "34, 0, 0, 90, 'is the stub that programs are linked with'",
    "802, 12000, 1, 90, 'start the service nvidia-fabricmanager'",
    "803, 12000, 1, 90, 'restart the machine after an update of the driver'",
    "804, 12000, 1, 90, 'take CUDA''s folder compat out'",
    "999, 12000, 1, 90, 'run nvidia-modprobe -u as root'",
    "3, 12000, 1, 90, 'cuInit gives error 3'",
  })
  void everyFailureHasItsSentence(int init, int version, int count, int capability, String sentence)
      throws Exception {
    driver("usr/lib64", init, version, count, capability);
    String problem = probe().problem();
    assertNotNull(problem);
    assertTrue(problem.contains(sentence), problem);
  }

  @Test
  void variableThatHidesEveryDeviceIsNamed() throws Exception {
    driver("usr/lib64", 100, 12000, 0, 90);
    machine.variable("CUDA_VISIBLE_DEVICES", "-1");
    assertTrue(
        probe().problem().startsWith("CUDA_VISIBLE_DEVICES is '-1', which leaves no GPU"),
        probe().problem());
    machine.variable("CUDA_VISIBLE_DEVICES", "");
    assertTrue(
        probe().problem().startsWith("CUDA_VISIBLE_DEVICES is '', which leaves no GPU"),
        probe().problem());
  }

  @Test
  void propertyComesBeforeFoldersAndIsTheOnlyOneTried() throws Exception {
    driver("usr/lib64", 0, 12000, 1, 90);
    Path other = driver("other", 0, 13000, 1, 90);
    machine.property(DriverProbe.PROPERTY, "/other/libcuda.so.1");
    assertEquals(other.toString(), probe().file());
    machine.property(DriverProbe.PROPERTY, "/nowhere/libcuda.so.1");
    String problem = probe().problem();
    assertTrue(problem.endsWith("; correct -Dfasthebb.cuda.driver or leave it out"), problem);
  }

  @Test
  void libraryPathComesBeforeTheUsualFolders() throws Exception {
    driver("usr/lib64", 0, 12000, 1, 90);
    Path other = driver("odd", 0, 13000, 1, 90);
    machine.variable("LD_LIBRARY_PATH", "/none:/odd");
    assertEquals(other.toString(), probe().file());
  }

  @Test
  void fileThatDoesNotLoadIsPassedOver() throws Exception {
    machine.file("/usr/lib/libcuda.so.1");
    Path good = driver("usr/lib/wsl/lib", 0, 12000, 1, 90);
    assertEquals(good.toString(), probe().file());
  }

  @Test
  void libraryThatIsNoDriverIsNamed() throws Exception {
    StubLibrary.compile(root.resolve("odd"), "libcuda.so.1", "int nothing;");
    machine.property(DriverProbe.PROPERTY, "/odd/libcuda.so.1");
    String problem = probe().problem();
    assertTrue(problem.contains("has no function cuInit; correct"), problem);
  }

  @Test
  void onOtherSystemsNothingIsOpened() {
    machine.property("os.name", "Mac OS X").property(DriverProbe.PROPERTY, "/nowhere");
    assertTrue(probe().problem().startsWith("CUDA is used on Linux only, and this is Mac OS X"));
  }

  @Test
  void onOtherProcessorsNothingIsOpened() {
    machine.property("os.arch", "aarch64").property(DriverProbe.PROPERTY, "/nowhere");
    assertTrue(probe().problem().contains("JCuda has no library for aarch64"), probe().problem());
  }

  /** JCuda's library must bind to the driver that was probed, whatever folder that is in. */
  @Test
  void librariesLoadedLaterBindToTheOneThatIsOpen() throws Throwable {
    Path needed =
        StubLibrary.compile(
            root.resolve("odd"),
            "libfirst.so.1",
            "int f(void) { return 7; }",
            "-Wl,-soname,libfasthebbfirst.so.1");
    Path needing =
        StubLibrary.compile(
            root.resolve("later"),
            "libsecond.so",
            "int f(void); int g(void) { return f(); }",
            needed.toString());
    assertThrows(IllegalStateException.class, () -> NativeLibrary.open(needing.toString()));
    NativeLibrary.open(needed.toString());
    MethodHandle g =
        NativeLibrary.open(needing.toString())
            .function("g", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    assertEquals(7, (int) g.invokeExact());
  }
}
