package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Gpu;
import org.fasthebb.tools.console.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
  @Test
  void saysWhatItFinds() {
    List<String> lines = Program.run("doctor", "--threads", "1").succeeds().out();
    for (String name :
        List.of(
            "java", "system", "processor", "fma", "memory", "kernels", "gpu", "jpeg", "speed")) {
      assertTrue(lines.stream().anyMatch(line -> line.startsWith(name + " ")), name);
    }
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("threads    1, as --threads")));
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("self-test  ok")));
  }

  /** The bug is in no release but JDK 25's first ones. */
  @ParameterizedTest
  @CsvSource({"25, true", "25.0.1, true", "25.0.2+10, true", "25.0.3, false", "25.1, false"})
  void warnsOfJavaThatMovesPinnedArrays(String version, boolean warns) {
    assertEquals(warns, Machine.movesPinnedArrays(Runtime.Version.parse(version)));
    assertFalse(Machine.movesPinnedArrays(Runtime.Version.parse("26")));
  }

  @Test
  void kernelsByOption() {
    String here;
    try (Backend cpu = Backend.cpu(1)) {
      here = cpu.kernels();
    }
    Program.run("doctor", "--kernels", here).succeeds();
    // The engine has chosen already, as it does where a processor lacks a width.
    String other = here.equals("128") ? "256" : "128";
    String sentence = Program.run("doctor", "--kernels", other).err().getLast();
    assertTrue(sentence.contains("--kernels " + other + " is not possible here"), sentence);
    sentence = Program.run("evaluate", "--model", "m", "--kernels", "1024").fails(2);
    assertTrue(sentence.contains("use one of scalar, 128, 256, 512"), sentence);
    sentence =
        Program.run("evaluate", "--model", "m", "--kernels", here, "--device", "cuda").fails(2);
    assertTrue(sentence.contains("--kernels goes with --device cpu"), sentence);
    sentence =
        Program.run("evaluate", "--model", "m", "--kernels", here, "--device", "cuda:1").fails(2);
    assertTrue(sentence.contains("--kernels goes with --device cpu"), sentence);
    sentence = Program.run("evaluate", "--model", "m", "--device", "cuda1").fails(2);
    assertTrue(sentence.contains("'cuda1' is not one of cpu, cuda"), sentence);
  }

  @Test
  void saysWhichGpuThereIsOrWhyThereIsNone() {
    List<String> lines = Program.run("doctor", "--threads", "1").succeeds().out();
    String gpu = lines.stream().filter(line -> line.startsWith("gpu ")).findFirst().orElseThrow();
    assertEquals("gpu        " + Gpu.report().getFirst(), gpu);
  }
}
