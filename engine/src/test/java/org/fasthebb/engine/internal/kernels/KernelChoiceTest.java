package org.fasthebb.engine.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
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

  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  /** A test of JVMs of its own. Whichever kernels the tests around it use, these do the same. */
  @DisabledIfSystemProperty(named = "fasthebb.expect.kernels", matches = "scalar")
  @Retention(RetentionPolicy.RUNTIME)
  @interface OfOtherJvms {}

  @OfOtherJvms
  @ParameterizedTest
  @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-Xint", "-XX:-UseFMA"})
  void whereVectorsWouldBeSlowKernelsAreScalarAndOneWarningSaysSo(String flag) throws Exception {
    assertWarned(child(VECTORS, flag), "scalar", "leave out " + flag);
  }

  @OfOtherJvms
  @Test
  void withoutTheVectorApiKernelsAreScalarAndOneWarningSaysSo() throws Exception {
    assertWarned(child("-XX:+UseFMA"), "scalar", "add --add-modules jdk.incubator.vector");
  }

  @OfOtherJvms
  @ParameterizedTest
  @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-XX:-UseFMA"})
  void slowVectorsThatAreAskedForAreWarnedOf(String flag) throws Exception {
    assertWarned(child(VECTORS, flag, "-Dfasthebb.kernels=128"), "vector", "leave out " + flag);
  }

  @OfOtherJvms
  @Test
  void whatIsFastOrAskedForIsNotWarnedOf() throws Exception {
    assertEquals("vector", child(VECTORS, "-XX:+TieredCompilation"));
    assertEquals("vector", child(VECTORS, "-Dfasthebb.kernels=128"));
    assertEquals("scalar", child("-Dfasthebb.kernels=scalar"));
    assertEquals("scalar", child("-Dfasthebb.kernels=scalar", "-Xint"));
  }

  private static void assertWarned(String said, String kernels, String remedy) {
    assertTrue(said.endsWith("\n" + kernels), said);
    assertTrue(said.contains(remedy), said);
    assertEquals(2, said.split("FastHebb is several times slower", -1).length, said);
  }

  @Test
  void otherMachinesAreTold() {
    assertNull(KernelChoice.whyVectorsAreSlow("OpenJDK 64-Bit Server VM", "mixed mode, sharing"));
    String reason = KernelChoice.whyVectorsAreSlow("OpenJDK 64-Bit Zero VM", "interpreted mode");
    assertTrue(reason.contains("-Xint"), reason);
    reason = KernelChoice.whyVectorsAreSlow("Eclipse OpenJ9 VM", "JRE 25 Linux");
    assertTrue(reason.contains("Eclipse OpenJ9 VM"), reason);
  }

  /** What a JVM of its own says, after the warning that every incubating module gets. */
  private static String child(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-cp");
    List<String> classes = new ArrayList<>();
    for (Class<?> type : new Class<?>[] {KernelChoice.class, KernelChoiceTest.class}) {
      classes.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    command.add(String.join(File.pathSeparator, classes));
    command.add(Child.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said.replaceFirst("WARNING: Using incubator modules.*", "").strip();
  }

  /** Asks for the kernels twice, and says which there are. */
  static final class Child {
    private Child() {}

    public static void main(String[] none) {
      Kernels kernels = KernelChoice.kernels();
      System.out.println(
          KernelChoice.kernels().equals(kernels) ? kernels.name().split("[ ,]")[0] : "");
    }
  }
}
