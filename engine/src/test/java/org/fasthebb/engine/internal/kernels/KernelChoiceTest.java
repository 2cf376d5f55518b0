package org.fasthebb.engine.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelChoiceTest {
  /** Without this, a build that lost the Vector API would test the scalar kernels twice. */
  @Test
  void kernelsAreTheOnesThisTestRunIsFor() {
    String expected = System.getProperty("fasthebb.expect.kernels", "simd");
    String chosen = KernelChoice.kernels().name() + " (" + KernelChoice.reason() + ")";
    switch (expected) {
      case "simd" -> {
        String asked = System.getProperty("fasthebb.kernels", "auto");
        int most = asked.equals("auto") ? 512 : Integer.parseInt(asked);
        int width = Math.min(most, FloatVector.SPECIES_PREFERRED.vectorBitSize());
        assertTrue(chosen.startsWith("vector " + width + " bit, "), chosen);
      }
      case "scalar" -> assertTrue(chosen.startsWith("scalar, "), chosen);
      default -> throw new AssertionError("fasthebb.expect.kernels is " + expected);
    }
  }

  @Test
  void nameTellsTheTile() {
    Kernels kernels = KernelChoice.kernels();
    assertTrue(
        kernels.name().endsWith("tile " + kernels.mr() + "x" + kernels.nr()), kernels.name());
    assertSame(kernels, KernelChoice.kernels());
  }

  @Test
  void reasonNamesTheRemedyWhereThereIsNoSimd() {
    String reason = KernelChoice.reason();
    if (System.getProperty("fasthebb.kernels", "auto").equals("scalar")) {
      assertTrue(reason.contains("-Dfasthebb.kernels=scalar"), reason);
    } else if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      assertTrue(reason.contains("--add-modules jdk.incubator.vector"), reason);
      assertEquals(ScalarKernels.class, KernelChoice.kernels().getClass());
    } else {
      assertTrue(reason.contains("width"), reason);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-Xint"})
  void withoutTheCompilerC2KernelsAreScalar(String flag) throws Exception {
    assertEquals(ScalarKernels.class.getName() + " " + flag, child(flag, "auto"));
  }

  @Test
  void withTheCompilerC2AndWhereAskedForTheyAreVectors() throws Exception {
    assertEquals("vectors", child("-XX:+TieredCompilation", "auto"));
    assertEquals("vectors", child("-XX:TieredStopAtLevel=1", "128"));
  }

  @Test
  void otherMachinesAreTold() {
    assertNull(KernelChoice.whyVectorsAreSlow("OpenJDK 64-Bit Server VM", "mixed mode, sharing"));
    String reason = KernelChoice.whyVectorsAreSlow("OpenJDK 64-Bit Zero VM", "interpreted mode");
    assertTrue(reason.contains("-Xint"), reason);
    reason = KernelChoice.whyVectorsAreSlow("Eclipse OpenJ9 VM", "JRE 25 Linux");
    assertTrue(reason.contains("Eclipse OpenJ9 VM"), reason);
  }

  /** What {@link Child} prints in a JVM of its own. */
  private static String child(String flag, String kernels) throws Exception {
    List<String> classes = new ArrayList<>();
    for (Class<?> type : new Class<?>[] {KernelChoice.class, KernelChoiceTest.class}) {
      classes.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                flag,
                "-Dfasthebb.kernels=" + kernels,
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                String.join(File.pathSeparator, classes),
                Child.class.getName(),
                flag)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said.strip();
  }

  /** Prints which kernels were chosen, and the flag that is the reason if they are scalar. */
  static final class Child {
    private Child() {}

    public static void main(String[] flag) {
      Kernels kernels = KernelChoice.kernels();
      boolean named = KernelChoice.reason().contains(flag[0]);
      System.out.println(
          kernels instanceof ScalarKernels
              ? kernels.getClass().getName() + " " + (named ? flag[0] : KernelChoice.reason())
              : "vectors");
    }
  }
}
